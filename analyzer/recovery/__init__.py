"""Recoverability: from states through time to the verdict, and who brought it about."""
