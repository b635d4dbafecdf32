"""Marks: the moments at which something happens to a key or a database that one must not miss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from analyzer.answers.shape import Document
from analyzer.moment import Moment
from analyzer.playback.track import Track
from analyzer.timeline import DAWN


class Gravity(IntEnum):
    """How much a mark matters."""

    GOOD = 0
    """Something was saved, or is well again."""
    SMALL = 1
    """Worth knowing: it harms no database."""
    HIGH = 2
    """Data is in danger: a clock runs."""
    CRITICAL = 3
    """Data is lost."""


_RANKS: Final[Mapping[str, int]] = {
    "healthy": 0, "unknown": 0, "at-risk": 1, "recoverable": 2, "recoverable-with-action": 3,
    "unrecoverable": 4,
}  # fmt: skip
"""Verdicts, the better first; unknown is neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One moment that matters.

    Attributes:
        at: when.
        gravity: how much.
        track: id of the key or database.
        before: what it was: a verdict, or a key's state; None where it was not.
        after: what it is from now on.
        entry: the record that brought it about; None where only a clock did.
    """

    at: Moment
    gravity: Gravity
    track: str
    before: str | None
    after: str
    entry: int | None


def marks_of(tracks: Iterable[Track]) -> tuple[Mark, ...]:
    """Return every mark in time order; those behind the newest event are forecasts."""
    tracks = tuple(tracks)
    bearing = {track.key for track in tracks}
    found: list[Mark] = []
    for track in tracks:
        found += _of_key(track, track.id in bearing) if track.is_key else _of_database(track)
    return tuple(sorted(found, key=lambda mark: (mark.at, -mark.gravity, mark.track)))


def seen_in(row: Document) -> str:
    """Return the verdict of a database's row by what is seen, whatever shards are lost."""
    return str(row["doubt"]["seen"] if row["doubt"] else row["verdict"])


def _of_database(track: Track) -> Iterator[Mark]:
    for start, before, row in _changes(track, "verdict"):
        after = row["verdict"]
        if before is None and _RANKS[after] == 0:
            continue
        if seen_in(row) == "unrecoverable":
            gravity = Gravity.CRITICAL
        elif row["doubt"] or _RANKS[after] > _RANKS[before or "healthy"]:
            gravity = Gravity.HIGH
        else:
            gravity = Gravity.GOOD if after != "unknown" else Gravity.SMALL
        yield _mark(track, start, gravity, (before, after))


def _of_key(track: Track, is_bearing: bool) -> Iterator[Mark]:  # noqa: FBT001 - one word, one call
    harm = Gravity.HIGH if is_bearing else Gravity.SMALL
    usable: bool | None = None
    for start, before, row in _changes(track, "state"):
        was, usable = usable, row["usable"]
        if before is None or usable is None:
            continue
        if usable and was is False:
            yield _mark(track, start, Gravity.GOOD, (before, row["state"]))
        elif not usable and (was or row["state"] == "Deleted"):
            yield _mark(track, start, harm, (before, row["state"]))


def _changes(track: Track, member: str) -> Iterator[tuple[Moment, str | None, Document]]:
    """Yield each moment at which a member of the row changes: when, what it was, the new row."""
    last: str | None = None
    for span in track.rows.spans():
        row = span.value
        if row is not None and row[member] != last and span.start != DAWN:
            yield span.start, last, row
        last = row[member] if row is not None else None


def _mark(track: Track, at: Moment, gravity: Gravity, moved: tuple[str | None, str]) -> Mark:
    cause = (track.at(at) or {}).get("cause")
    return Mark(
        at=at,
        gravity=gravity,
        track=track.id,
        before=moved[0],
        after=moved[1],
        entry=cause["entry"] if cause is not None else None,
    )
