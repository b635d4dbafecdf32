"""Playback: tracks, events and marks of one history; every question about a moment is a lookup."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from analyzer.answers.explain import explain, outline
from analyzer.answers.shape import Document, Scope
from analyzer.errors import UnknownResourceError
from analyzer.history.gaps import Gap
from analyzer.history.naming import resolve
from analyzer.moment import Moment
from analyzer.playback.happening import Happening
from analyzer.playback.mark import Gravity, Mark, seen_in
from analyzer.playback.track import Track
from analyzer.progress import Progress, unheard


@dataclass(frozen=True, kw_only=True, eq=False)
class Playback:
    """A history laid out in time. It is made in one go and never changes.

    Attributes:
        scope: what it rests on; its moment is the end.
        start: the first event time.
        end: the newest event time.
        horizon: up to where there is something to see: the last forecast, or the end.
        tracks: keys and databases, in an order that no moment changes.
        happenings: the control events in order.
        marks: the moments that matter, in order; those behind the end are forecasts.
        gaps: stretches in which the evidence is silent, in order.
        baseline: what really happened, where this is a counterfactual.
    """

    scope: Scope
    start: Moment
    end: Moment
    horizon: Moment
    tracks: tuple[Track, ...]
    happenings: tuple[Happening, ...]
    marks: tuple[Mark, ...]
    gaps: tuple[Gap, ...]
    baseline: Playback | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """How many entries of the ledger it takes into account."""
        return self.scope.known_at

    @cached_property
    def by_id(self) -> Mapping[str, Track]:
        """Tracks by their id."""
        return {track.id: track for track in self.tracks}

    @cached_property
    def times(self) -> tuple[Moment, ...]:
        """When each of the events happened."""
        return tuple(happening.at for happening in self.happenings)

    @cached_property
    def _mark_times(self) -> tuple[Moment, ...]:
        return tuple(mark.at for mark in self.marks)

    @cached_property
    def by_entry(self) -> Mapping[int, int]:
        """Places among the events by ledger entry; twins count as the event that they tell of."""
        found = {twin: index for index, one in enumerate(self.happenings)
                 for twin in one.evidence.twins}  # fmt: skip
        return found | {one.evidence.entry: index for index, one in enumerate(self.happenings)}

    @cached_property
    def crossed_out(self) -> frozenset[int]:
        """Ledger indexes of the events that are crossed out; none where this really happened."""
        removed = (one for one in self.happenings if one.removed == "crossed out")
        return frozenset(one.evidence.entry for one in removed)

    def named(self, name: str, at: Moment) -> str:
        """Return the id of the track that a name means; raises the errors of `naming`."""
        return resolve(self.scope.history, name, at, ("key", "database")).id

    def last_event(self, at: Moment) -> int:
        """Return the place of the last event up to a moment, -1 before the first."""
        return bisect_right(self.times, at) - 1

    def density(self, edges: Sequence[Moment]) -> tuple[int, ...]:
        """Return how many events lie between each two neighbours of *edges*, the right one out."""
        places = [bisect_left(self.times, edge) for edge in edges]
        return tuple(right - left for left, right in pairwise(places))

    def marks_between(self, start: Moment, end: Moment) -> Sequence[Mark]:
        """Return the marks from *start* up to *end*, the latter included."""
        return self.marks[
            bisect_left(self._mark_times, start) : bisect_right(self._mark_times, end)
        ]

    def verdicts(self, at: Moment) -> Counter[str]:
        """Return how many databases have which verdict at a moment, deleted ones included."""
        rows = (track.at(at) for track in self.tracks if not track.is_key)
        return Counter(row["verdict"] for row in rows if row is not None)

    def outline(self, track: str, at: Moment) -> Document | None:
        """Return what `explain` says of a database without crossing out or replaying anything."""
        try:
            return outline(replace(self.scope, at=at), track)
        except UnknownResourceError:
            return None

    def explained(self, track: str, at: Moment, on_progress: Progress = unheard) -> Document | None:
        """Return all that `explain` says of a database; it replays, which may take its time."""
        try:
            return explain(replace(self.scope, at=at), track, on_progress=on_progress)
        except UnknownResourceError:
            return None

    def matching(self, written: str) -> tuple[int, ...] | None:
        """Return the places of the events that a filter lets pass; None where it lets all pass.

        Args:
            written: words that must all occur in an event; behind `-` words that must not.
        """
        words = written.lower().split()
        wanted = [word for word in words if not word.startswith("-")]
        unwanted = [word[1:] for word in words if word.startswith("-") and len(word) > 1]
        if not wanted and not unwanted:
            return None
        return tuple(
            place
            for place, one in enumerate(self.happenings)
            if all(word in one.words for word in wanted)
            and not any(word in one.words for word in unwanted)
        )

    def differences(self, start: Moment, end: Moment) -> Iterator[tuple[Track, Document, Document]]:
        """Yield each track that differs between two moments, with both rows; empty for absent."""
        for track in self.tracks:
            before, after = track.at(start) or {}, track.at(end) or {}
            if before != after:
                yield track, before, after

    def changed_verdicts(self, at: Moment) -> Iterator[tuple[Track, str | None, str | None]]:
        """Yield databases that the counterfactual judges otherwise: really, and in it."""
        if self.baseline is None:
            return
        for real in self.baseline.tracks:
            if real.is_key:
                continue
            imagined = self.by_id.get(real.id)
            was = (real.at(at) or {}).get("verdict")
            instead = (imagined.at(at) or {}).get("verdict") if imagined is not None else None
            if was != instead:
                yield real, was, instead

    def loss(self, at: Moment) -> tuple[Track, Moment] | None:
        """Return the database that was lost last, up to a moment, and when; None for none."""
        lost = [
            mark
            for mark in self.marks_between(self.start, at)
            if mark.gravity is Gravity.CRITICAL
            and (row := self.by_id[mark.track].at(at)) is not None
            and seen_in(row) == "unrecoverable"
        ]
        return (self.by_id[lost[-1].track], lost[-1].at) if lost else None
