"""Sentences: errors, which carry data, as words with a way out; one file a concern."""

from __future__ import annotations

from tui.sentences import (
    clusters,
    entries,
    evidence,
    files,
    fleets,
    inputs,
    keys,
    names,
    queries,
    stores,
    terminal,
)

SENTENCES = (
    files.told,
    keys.told,
    evidence.told,
    names.told,
    entries.told,
    fleets.told,
    clusters.told,
    inputs.told,
    queries.told,
    stores.told,
    terminal.told,
)
"""Who is asked, one after another; each error is known to one of them at most."""
