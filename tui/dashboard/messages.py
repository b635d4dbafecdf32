"""Messages: what workers have found out, each a frozen value; only the app answers them."""

from __future__ import annotations

from textual.message import Message

from analyzer.case import Document, Extent, Playback, Question, Usage
from tui.dashboard.errand import Errand
from tui.dashboard.view import Result


class ExtentRead(Message):
    """How large the ledger is and which time it covers is known, before anything is read."""

    def __init__(self, extent: Extent) -> None:
        super().__init__()
        self.extent = extent


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


class UsageCounted(Message):
    """How often keys were used was counted."""

    def __init__(self, usage: Usage) -> None:
        super().__init__()
        self.usage = usage


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
    """An errand of which the person is told is so far, in percent."""

    def __init__(self, errand: Errand, percent: int) -> None:
        super().__init__()
        self.errand = errand
        self.percent = percent


class Ended(Message):
    """The errand of that name has ended, or nobody waits for it any more."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Audited(Message):
    """Every hash was recomputed."""

    def __init__(self, report: Document) -> None:
        super().__init__()
        self.report = report


class Explained(Message):
    """All that `explain` says of a database at a moment.

    Attributes:
        playback: the history by which it is told.
        track: id of the database.
        at: the moment.
        document: what it says.
    """

    def __init__(self, playback: Playback, track: str, at: int, document: Document | None) -> None:
        super().__init__()
        self.playback = playback
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
