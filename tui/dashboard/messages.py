"""Messages: what workers have found out, each a frozen value; only the app answers them."""

from __future__ import annotations

from textual.message import Message

from analyzer.case import Document, Playback, Question
from tui.dashboard.view import Audit, Result


class PlaybackReady(Message):
    """A history was laid out: what was, or what would have been."""

    def __init__(self, playback: Playback) -> None:
        super().__init__()
        self.playback = playback


class Grown(Message):
    """The ledger was looked at again: so many entries it has now."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size


class FindingsMade(Message):
    """What deserves attention was found."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document


class HoldingsRead(Message):
    """Where the ledger comes from was read."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document


class QuestionsRead(Message):
    """The catalogue was read."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        super().__init__()
        self.questions = questions


class Answered(Message):
    """A query gave its rows."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


class Busy(Message):
    """Something that takes its time is so far; empty once it was given up."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.told = told


class Audited(Message):
    """An audit is so far, or done; None for one that was given up."""

    def __init__(self, audit: Audit | None) -> None:
        super().__init__()
        self.audit = audit


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
