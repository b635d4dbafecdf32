"""Pieces: work on a stretch of one ledger, or on a part of all facts, whoever does it and where.

What goes in and comes out is small enough to be sent to another machine: places, bytes, and rows by
columns. The work itself is that of the warehouse: the same rows of the same tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from analyzer import place
from analyzer.archive import Archive, Cut
from analyzer.cloudtrail.lanes import Lane
from analyzer.digests.unvouched import Unvouched
from analyzer.history.gaps import Mark, enders, mark, stand_in
from analyzer.history.history import History
from analyzer.history.repeats import is_alike, once
from analyzer.history.ties import components, parts, ties
from analyzer.reader import decode, read
from analyzer.recovery.rules import always, in_force, named
from analyzer.resource import Fact
from analyzer.resources.trail import TrailEvent
from analyzer.volume import Volume, stated
from analyzer.warehouse.arrow import batch, packed, schema_of
from analyzer.warehouse.derived import derived
from analyzer.warehouse.records import Records
from analyzer.warehouse.rejects import reject_rows
from analyzer.warehouse.tables import DERIVED, FINDINGS, GAPS, RECORDS, REJECTS
from ledger.hashing import sha256
from ledger.store import Ledger

BATCH: Final = 20_000
_PART: Final = 1_000
"""Facts that are worth a part of their own."""

FACTS: Final = pa.schema(
    {
        "entry": pa.int64(),
        "payload": pa.binary(),
        "ties": pa.list_(pa.int64()),
        "of_all": pa.bool_(),
        "account": pa.string(),
        "time": pa.int64(),
        "writing": pa.int8(),
    }
)
"""Records that state a fact: by what they hang together, whether they bear on all, their `Mark`."""

PACKED: Final = pa.schema({"name": pa.string(), "rows": pa.binary()})
"""Rows of tables, each as `packed` makes them."""

FROM_FACTS: Final = tuple(table for table in DERIVED if table is not FINDINGS)
"""What follows from a part of the facts for that part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Entries [start, stop) of one shard, by their indexes in the ledger at a path."""

    path: Path
    shard: int
    name: str | None
    start: int
    stop: int

    @contextmanager
    def volume(self) -> Iterator[Volume]:
        """Open the ledger; raises ShardError, as whatever is read from it does."""
        with Ledger.open(self.path, readonly=True) as ledger:
            yield Volume(ledger, shard=self.shard, name=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """By what facts are judged that no record of theirs tells.

    Attributes:
        silent: stretches for which nothing vouches.
        rules: the name of the era by whose rules every loss is judged; None for those of its time.
    """

    silent: tuple[Unvouched, ...]
    rules: str | None


def pieces(archive: Archive, cut: Cut, size: int) -> list[Piece]:
    """Divide the first entries of each ledger into pieces of at most so many entries."""
    return [
        Piece(
            path=volume.ledger.path.absolute(),
            shard=volume.shard,
            name=volume.name,
            start=start,
            stop=min(start + size, stop),
        )
        for volume, stop in archive.cut(cut)
        for start in range(0, stop, size)
    ]


def facts(piece: Piece) -> Iterator[pa.RecordBatch]:
    """Yield the records of a piece that state facts, as `FACTS`; raises ShardError."""
    with piece.volume() as volume:
        rows = (
            {
                "entry": number,
                "payload": payload,
                "ties": [_number(tie) for tie in ties(fact)],
                "of_all": isinstance(fact.event, TrailEvent),
                **mark(fact)._asdict(),
            }
            for stretch in volume.stretches(piece.start, piece.stop, {Lane.CONTROL})
            for number, kind, payload, digest in zip(
                stretch.indexes, stretch.kinds, stretch.payloads, stretch.digests, strict=True
            )
            if isinstance(fact := stated(number, kind, payload, digest), Fact)
        )
        while some := list(islice(rows, BATCH)):
            yield pa.RecordBatch.from_pylist(some, schema=FACTS)


def _number(tie: str) -> int:
    """Return a number for a name; two names with one number are tied together, and no more."""
    return int.from_bytes(bytes(sha256(tie.encode(errors="surrogatepass")))[:8], signed=True)


def placed(tied: pa.Table, most: int) -> pa.Table:
    """Return which part each fact goes to: what hangs together to one, what bears on all to all.

    Args:
        tied: `FACTS` without payloads.
        most: so many parts at most, alike in size.

    Returns:
        Rows `entry`, `part` and `is_guest`: whether only the fact's `stand_in` goes there. Part 0
        is never without one, be its entry none.
    """
    found = components(tied["ties"].to_pylist())
    count = max(1, min(most, len(found) // _PART))
    of_all = _of_all(tied)
    told = [
        {"entry": entry, "part": one, "is_guest": one != home}
        for number, (entry, home) in enumerate(
            zip(tied["entry"].to_pylist(), parts(found, count), strict=True)
        )
        for one in (range(count) if number in of_all else [home])
    ]
    schema = pa.schema({"entry": pa.int64(), "part": pa.int64(), "is_guest": pa.bool_()})
    nothing = {"entry": -1, "part": 0, "is_guest": False}
    return pa.Table.from_pylist(told or [nothing], schema=schema)


def _of_all(tied: pa.Table) -> set[int]:
    """Return the places of what bears on all: trails, and what shows that they wrote again."""
    trails = [number for number, is_one in enumerate(tied["of_all"].to_pylist()) if is_one]
    if not trails:
        return set()
    columns = (tied[name].to_pylist() for name in Mark._fields)
    return {*trails, *enders([*map(Mark, *columns)], trails)}


def records(piece: Piece) -> Iterator[pa.RecordBatch]:
    """Yield the rows of `records` of a piece; raises ShardError."""
    with piece.volume() as volume:
        names: dict[bytes, str] = {
            one.digest: one.name for one in reversed(volume.ledger.sources())
        }
        held = Records(names)
        for stretch in volume.stretches(piece.start, piece.stop):
            held.add(stretch)
            if len(held) >= BATCH:
                yield _whole(held.table())
                held = Records(names)
        yield _whole(held.table())


def _whole(rows: pa.Table) -> pa.RecordBatch:
    """Return rows with each value in its place, which not everybody looks up where it repeats."""
    columns = (column.combine_chunks() for column in rows.columns)
    return pa.record_batch(
        [
            one.dictionary.take(one.indices) if pa.types.is_dictionary(one.type) else one
            for one in columns
        ],
        schema=schema_of(RECORDS),
    )


def rejects(piece: Piece) -> Iterator[pa.RecordBatch]:
    """Yield the rows of `rejects` of a piece; raises ShardError."""
    with piece.volume() as volume:
        names: dict[bytes, str] = {
            one.digest: one.name for one in reversed(volume.ledger.sources())
        }
        noted = {volume.base + index: said for index, said in volume.ledger.notes().items()}
        for stretch in volume.stretches(piece.start, piece.stop):
            yield from batch(REJECTS, reject_rows(stretch, names, noted)).to_batches()


def replayed(part: int, held: pa.Table, judging: Judging) -> pa.Table:
    """Replay a part of the facts apart from the others.

    Args:
        part: its number; what is the same for all parts is told by the first.
        held: the facts, as `FACTS`, and those that bear on all, with `is_guest` as `placed` tells.
        judging: by what else.

    Returns:
        The rows of the tables in `FROM_FACTS`, as `PACKED`.
    """
    rows = zip(held["entry"].to_pylist(), held["payload"].to_pylist(), strict=True)
    payloads: dict[int, bytes] = dict(sorted(row for row in rows if row[1] is not None))
    by_shard = groupby(payloads, key=lambda number: place.split(number)[0])
    said, _ = once(
        [tuple(_facts(payloads, numbers)) for _, numbers in by_shard] or [()],
        lambda one, other: is_alike(payloads[one.entry], payloads[other.entry]),
    )
    is_guest = zip(held["entry"].to_pylist(), held["is_guest"].to_pylist(), strict=True)
    guests = {entry for entry, is_one in is_guest if is_one}
    rulebook = in_force if judging.rules is None else always(named(judging.rules))
    kept = (stand_in(fact) if fact.evidence.entry in guests else fact for fact in said)
    history = History(kept, rulebook, judging.silent)
    told = [
        {"name": table.name, "rows": packed(batch(table, derived(table, history)))}
        for table in FROM_FACTS
        if part == 0 or table is not GAPS
    ]
    return pa.Table.from_pylist(told, schema=PACKED)


def _facts(payloads: dict[int, bytes], numbers: Iterable[int]) -> Iterator[Fact]:
    for number in numbers:
        record = read(number, payloads[number])
        found: Any = None if record is None else decode(record)
        if isinstance(found, Fact):
            yield found
