"""The dashboard: scrub through a history and see at every moment what could still be saved."""
