"""Trouble: from an error to the sentence that is told of it; imported when something went wrong."""

from __future__ import annotations

from tui.sentence import Sentence
from tui.sentences import SENTENCES


def sentence(error: Exception) -> Sentence:
    """Return what to tell of an error; in its own words where no shelf knows better."""
    for told in SENTENCES:
        if (found := told(error)) is not None:
            return found
    return Sentence(text=str(error))
