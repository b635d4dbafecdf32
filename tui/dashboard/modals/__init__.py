"""The shelf of modals: what comes over the screen to ask or to tell something."""
