"""Messages: what workers have found out, each a frozen value; only the app answers them."""

from __future__ import annotations

from textual.message import Message

from analyzer.case import Document, Playback


class PlaybackReady(Message):
    """A history was laid out.

    Attributes:
        playback: the history, or what would have been.
        is_first: whether nothing was shown before.
    """

    def __init__(self, playback: Playback, *, is_first: bool = False) -> None:
        super().__init__()
        self.playback = playback
        self.is_first = is_first


class Explained(Message):
    """All that `explain` says of a database at a moment.

    Attributes:
        track: id of the database.
        at: the moment.
        document: what it says.
    """

    def __init__(self, track: str, at: int, document: Document | None) -> None:
        super().__init__()
        self.track = track
        self.at = at
        self.document = document


class SealedRead(Message):
    """An entry was read as it is sealed."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document


class Failed(Message):
    """A worker could not do what it was asked for.

    Attributes:
        error: why.
        is_fatal: whether there is nothing to show without it.
    """

    def __init__(self, error: Exception, *, is_fatal: bool = False) -> None:
        super().__init__()
        self.error = error
        self.is_fatal = is_fatal
