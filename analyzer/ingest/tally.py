"""The counts of an ingest while it goes on, and the report that becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, overload

from analyzer.cloudtrail.slices import Flaw, Remark, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.cloudtrail.body import Fault

_COUNTS: Final = ("records", "appended", "duplicates", "conflicts", "skipped", "rejected")
_SHOWN: Final = 3
"""Records with duplicate members that are named; of the others, the number is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What became of one source; `records` is the sum of the five counts behind it.

    Attributes:
        source: its name.
        digest: SHA-256 of the inflated bytes; None where it could not be read.
        records: met in it.
        appended: sealed.
        duplicates: sealed before, with the same content.
        conflicts: sealed although another content is sealed under the same identity.
        skipped: of services that were not asked for, and CloudTrail Insights.
        rejected: no records: malformed, or torn by damage; kept verbatim.
        error: what is wrong with the source itself, where, and the way out; None if nothing is.
    """

    source: str
    digest: bytes | None
    records: int
    appended: int
    duplicates: int
    conflicts: int
    skipped: int
    rejected: int
    error: str | None

    @property
    def sha256(self) -> str | None:
        """The digest in hexadecimal, of which there may be millions: it is spelled when asked."""
        return None if self.digest is None else self.digest.hex()

    def document(self) -> dict[str, Any]:
        """Return the part of the contract's JSON document."""
        counts = {name: getattr(self, name) for name in _COUNTS}
        return {"source": self.source, "sha256": self.sha256, **counts, "error": self.error}


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What an ingest did.

    Attributes:
        sources: one report for each, in the order in which they were read.
        path: the ledger.
        size: its entries.
        root: of its tree, in hexadecimal.
        link: its last leaf, in hexadecimal.
        signed_by: names and ids of the keys that signed the checkpoint at the end.
        warnings: sentences for whoever watches; nothing in them has gone wrong.
        objects: what was seen in S3; None where it was not asked.
    """

    sources: tuple[SourceReport, ...]
    path: str
    size: int
    root: str
    link: str
    signed_by: tuple[str, ...]
    warnings: tuple[str, ...]
    objects: dict[str, Any] | None = None

    @property
    def totals(self) -> dict[str, int]:
        """The counts of all sources together."""
        return added(self.sources)

    @property
    def has_errors(self) -> bool:
        """Whether some source could not be read, or not all of it."""
        return any(source.error is not None for source in self.sources)

    def document(self) -> dict[str, Any]:
        """Return the JSON document of the contract."""
        told = self.in_rows()
        return {**told, "sources": list(told["sources"])}

    def in_rows(self) -> dict[str, Any]:
        """Return the document with its sources as rows, each made when it is read."""
        return {
            "sources": Told(self.sources),
            "totals": self.totals,
            "objects": self.objects,
            "ledger": {
                "path": self.path,
                "size": self.size,
                "root": self.root,
                "link": self.link,
                "signed_by": list(self.signed_by),
            },
        }


class Told(Sequence[dict[str, Any]]):
    """The documents of sources, each made when it is read: there may be millions."""

    def __init__(self, sources: Sequence[SourceReport]) -> None:
        self._sources = sources

    def __len__(self) -> int:
        return len(self._sources)

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, place: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(place, slice):
            return [source.document() for source in self._sources[place]]
        return self._sources[place].document()


def added(sources: Sequence[SourceReport]) -> dict[str, int]:
    """Return the counts of some sources together."""
    sums = {count: sum(getattr(each, count) for each in sources) for count in _COUNTS}
    return {"sources": len(sources), **sums}


@dataclass(slots=True)
class Sealed:
    """What became of the records of one source that were offered to the ledger."""

    appended: int = 0
    duplicates: int = 0
    conflicts: int = 0

    def add(self, appended: int, duplicates: int, conflicts: int) -> None:
        """Count what the ledger made of some records."""
        self.appended += appended
        self.duplicates += duplicates
        self.conflicts += conflicts


@dataclass(slots=True)
class Tally:
    """The running count of what one source holds."""

    name: str
    digest: bytes | None = None
    records: int = 0
    skipped: int = 0
    rejected: int = 0
    error: str | None = None
    digests: int = 0
    is_void: bool = False
    _faults: tuple[Fault, ...] = ()
    _flaw: Flaw | None = None
    _flaws: int = 0
    _remarks: dict[Topic, tuple[int, int]] | None = None
    _doubled: tuple[str, ...] = ()
    _doubles: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether all of the source was read, and nothing in it is damaged."""
        return not (self.error or self._faults or self._flaws)

    @property
    def is_of_events(self) -> bool:
        """Whether events were met, or digest files; an empty list of records is one of events."""
        is_empty = not (self._flaws or self._remarks or self._faults)
        return bool(self.records or self.digests or is_empty)

    def note_faults(self, faults: tuple[Fault, ...]) -> None:
        """Remember damage to the compressed bytes."""
        self._faults = faults

    def remark(self, item: Flaw | Remark, offset: int | None) -> None:
        """Remember the first of its kind, and how many there are.

        Args:
            item: what the cut met.
            offset: of it, in the inflated bytes; None where it has no place.
        """
        if isinstance(item, Flaw):
            self._flaws += 1
            self._flaw = self._flaw or Flaw(offset=offset, reason=item.reason)
        else:
            self._remarks = self._remarks or {}
            count, first = self._remarks.get(item.topic, (0, offset or 0))
            self._remarks[item.topic] = (count + 1, first)

    def note_duplicates(self, offset: int, names: tuple[str, ...]) -> None:
        """Remember a record that has members twice."""
        self._doubles += 1
        if len(self._doubled) < _SHOWN:
            spelled = ", ".join(map(ascii, names[:_SHOWN]))
            self._doubled += (f"byte {offset} ({spelled})",)

    def report(self, sealed: Sealed) -> SourceReport:
        """Close the count."""
        return SourceReport(
            source=self.name,
            digest=self.digest or None,
            records=self.records,
            appended=sealed.appended,
            duplicates=sealed.duplicates,
            conflicts=sealed.conflicts,
            skipped=self.skipped,
            rejected=self.rejected,
            error=self.error or self._damage(),
        )

    def warnings(self) -> Iterator[str]:
        """Yield sentences about what is not wrong, but worth knowing."""
        for topic, (count, first) in (self._remarks or {}).items():
            more = "" if count == 1 else f"; {count - 1} more"
            yield f"{self.name}: {topic} (byte {first}{more})"
        if self._doubles:
            unnamed = self._doubles - len(self._doubled)
            places = ", ".join(self._doubled) + (f", and {unnamed} more" if unnamed else "")
            yield f"{self.name}: records with members twice, of which the last counts: {places}"

    def _damage(self) -> str | None:
        if self._faults:
            fault = self._faults[0]
            place = f"{fault.reason} at byte {fault.compressed} ({fault.inflated} inflated by then)"
        elif self._flaw:
            place = self._flaw.reason
            if self._flaw.offset is not None:
                place += f" at byte {self._flaw.offset}"
        else:
            return None
        others = max(len(self._faults), self._flaws) - 1
        more = f", and {others} more" if others > 0 else ""
        if self.records:
            kept = "the damaged bytes are kept as rejects, and" if self.rejected else ""
            return f"{place}{more}; {kept} what is readable was taken".replace("; and", ";")
        return f"{place}{more}; nothing in it could be read as CloudTrail events"
