"""What can go wrong in the analyzer, as data; the sentence for the screen is written at the edge.

AnalyzerError
 ├─ UnreadableTimeError      a time that cannot be read (usage)
 ├─ UnknownResourceError     no such key or database in this ledger
 ├─ AmbiguousResourceError   a name that fits several resources (usage)
 ├─ UnknownRulesError        no era of rules has that name (usage)
 ├─ UnknownEventError        no event that bears on a key or database has that id
 ├─ UnreadableAssumptionError   an assumption that cannot be read (usage)
 ├─ UnknownEntryError        no such entry, or no record of that id, in this ledger
 ├─ AmbiguousEntryError      an id that several entries hold (usage)
 ├─ UnknownSealError         no such state was ever sealed in this ledger
 ├─ RestatedError            a sealed state that is not what is derived today
 ├─ MisspelledError          a file or an argument that is not what it ought to be
 ├─ SuppressionError         a file of suppressions that is not to be relied on (usage)
 ├─ WorkerLostError          a process that read sources was ended from outside
 ├─ AddressError, NotInstalledError   of S3 and SQS: see `analyzer/s3/errors.py`
 ├─ FleetError               of many ledgers asked as one
 │   ├─ ShardError           a shard that cannot be read; the others can
 │   ├─ ShardMovedError      a shard in which somebody else has sealed meanwhile
 │   ├─ NoFleetError         there is no folder of shards, or nothing in it
 │   └─ UncoveredEntryError  an entry that no checkpoint of the fleet covers yet
 ├─ SparkError               of clusters: see `analyzer/spark/errors.py`
 └─ WarehouseError           of queries: see `analyzer/warehouse/errors.py`
"""

from __future__ import annotations


class AnalyzerError(Exception):
    """Root of the analyzer's errors."""


class UnreadableTimeError(AnalyzerError):
    """A time that none of the accepted forms can read.

    Attributes:
        text: what was given.
        forms: the accepted forms, to be shown to the person.
    """

    def __init__(self, text: str, forms: tuple[str, ...]) -> None:
        super().__init__(f"unreadable time {text!r}")
        self.text = text
        self.forms = forms


class UnknownResourceError(AnalyzerError):
    """A resource that no record in scope mentions.

    Attributes:
        name: what was asked for.
        nearest: names that come close, nearest first.
    """

    def __init__(self, name: str, nearest: tuple[str, ...]) -> None:
        super().__init__(f"unknown resource {name!r}")
        self.name = name
        self.nearest = nearest


class AmbiguousResourceError(AnalyzerError):
    """A name that fits more than one resource.

    Attributes:
        name: what was asked for.
        candidates: ARNs (or immutable ids) it could mean, sorted.
    """

    def __init__(self, name: str, candidates: tuple[str, ...]) -> None:
        super().__init__(f"ambiguous resource {name!r}")
        self.name = name
        self.candidates = candidates


class UnknownRulesError(AnalyzerError):
    """A name under which no era's rules are known.

    Attributes:
        name: what was asked for.
        names: every name there is, oldest era first.
    """

    def __init__(self, name: str, names: tuple[str, ...]) -> None:
        super().__init__(f"unknown rules {name!r}")
        self.name = name
        self.names = names


class UnknownEventError(AnalyzerError):
    """An event that no record in scope tells of, or that moves nothing.

    Attributes:
        name: what was asked for: an event id, or `#` and an entry.
        nearest: ids that come close, nearest first.
    """

    def __init__(self, name: str, nearest: tuple[str, ...]) -> None:
        super().__init__(f"unknown event {name!r}")
        self.name = name
        self.nearest = nearest


class UnreadableAssumptionError(AnalyzerError):
    """An assumption that is not spelled as one.

    Attributes:
        text: what was given.
        problem: what is wrong with it; empty where its form is.
        forms: the accepted forms, to be shown to the person.
    """

    def __init__(self, text: str, problem: str, forms: tuple[str, ...]) -> None:
        super().__init__(f"unreadable assumption {text!r}")
        self.text = text
        self.problem = problem
        self.forms = forms


class UnknownEntryError(AnalyzerError):
    """An entry that is not there, or the id of an event of which no record is.

    Attributes:
        name: what was asked for.
        size: entries among which it was looked for.
    """

    def __init__(self, name: str, size: int) -> None:
        super().__init__(f"unknown entry {name!r}")
        self.name = name
        self.size = size


class AmbiguousEntryError(AnalyzerError):
    """The id of an event of which several entries hold a record.

    Attributes:
        name: what was asked for.
        entries: their indexes.
    """

    def __init__(self, name: str, entries: tuple[int, ...]) -> None:
        super().__init__(f"ambiguous event {name!r}")
        self.name = name
        self.entries = entries


class MisspelledError(AnalyzerError):
    """A file or an argument that is not what it ought to be.

    Attributes:
        name: of the file, or what was given.
        wanted: what it ought to be.
        detail: why it is not.
    """

    def __init__(self, name: str, wanted: str, detail: str) -> None:
        super().__init__(f"{name} is no {wanted}: {detail}")
        self.name = name
        self.wanted = wanted
        self.detail = detail


class SuppressionError(AnalyzerError):
    """A file of suppressions with an entry that is not to be relied on.

    Attributes:
        number: which entry, from 1; None for the file as a whole.
        detail: what is wrong with it.
    """

    def __init__(self, number: int | None, detail: str) -> None:
        super().__init__(detail)
        self.number = number
        self.detail = detail


class WorkerLostError(AnalyzerError):
    """A process that read sources was ended from outside; what was sealed is whole."""


class UnknownSealError(AnalyzerError):
    """No state of such a moment and size was ever sealed.

    Attributes:
        at: the moment, spelled; None for any.
        size: the entries that were known; None for any.
    """

    def __init__(self, at: str | None, size: int | None) -> None:
        super().__init__("no such state was sealed")
        self.at = at
        self.size = size


class RestatedError(AnalyzerError):
    """A sealed state that is not what is derived today from the same entries.

    Attributes:
        entry: where it is sealed.
        code: the program that derived it then.
        redacted: entries on which it rested and that were redacted since.
    """

    def __init__(self, entry: int, code: str, redacted: tuple[int, ...] = ()) -> None:
        super().__init__(f"entry {entry} seals another state")
        self.entry = entry
        self.code = code
        self.redacted = redacted


class FleetError(AnalyzerError):
    """Root of what goes wrong where many ledgers are asked as one."""


class ShardError(FleetError):
    """A shard of a fleet that turned out to be damaged while it was read.

    Attributes:
        shard: its number.
        error: what is wrong with it, one of the ledger's errors.
    """

    def __init__(self, shard: int, error: Exception) -> None:
        super().__init__(f"shard {shard}: {error}")
        self.shard = shard
        self.error = error


class ShardMovedError(FleetError):
    """A shard in which somebody else has sealed while it was being sealed."""

    def __init__(self) -> None:
        super().__init__("somebody else has sealed in it meanwhile; do it again")


class NoFleetError(FleetError):
    """There is no folder of shards, or nothing in it that could be one.

    Attributes:
        name: of the folder, as it was given.
        detail: what there is instead.
    """

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"{name}: {detail}")
        self.name = name
        self.detail = detail


class UncoveredEntryError(FleetError):
    """An entry that was sealed after the last checkpoint of the fleet, or of a shard without one.

    Attributes:
        name: what was asked for.
        shard: the name of its shard.
    """

    def __init__(self, name: str, shard: str) -> None:
        super().__init__(f"no checkpoint of the fleet covers {name} of {shard}")
        self.name = name
        self.shard = shard
