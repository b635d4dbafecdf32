"""The view: everything that the screen shows at one moment; frozen, so that panels only read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analyzer.case import Document, Happening, Playback, Question, Track, Usage
from tui.dashboard.clock import Clock, moment_of
from tui.dashboard.position import Position


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What stays the same while one scrubs.

    Attributes:
        ledger: the ledger's path, as it was given.
        clock: how times are shown.
        is_default_ledger: whether a command finds the ledger without being told.
        keymap: keys by binding id, where they are not the usual ones.
        is_fleet: whether it is the folder of a fleet.
        access: what to type beside it, so that AWS is asked in the same name.
    """

    ledger: str
    clock: Clock = field(default_factory=Clock)
    is_default_ledger: bool = False
    keymap: Mapping[str, str] = field(default_factory=dict)
    is_fleet: bool = False
    access: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The rows that a query gave.

    Attributes:
        asked: a name of the catalogue, or SQL.
        parameters: what it was given.
        columns: names, in order.
        rows: at most as many as one looks through.
        is_cut: whether there are more.
    """

    asked: str
    parameters: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    is_cut: bool


@dataclass(frozen=True, kw_only=True)
class DashboardView:
    """What the screen shows. Everything derived from it is a lookup, made when it is asked for.

    Attributes:
        playback: the history, or what would have been.
        position: where the person stands.
        matches: places of the events that the filter lets pass; None without a filter.
        settings: what stays the same while one scrubs.
        is_playing: whether the playhead moves by itself.
        speed: how fast, from 1 on.
        follows: whether new entries are watched for.
        crossed_out: ledger indexes of the events that are crossed out.
        bookmarks: moments that were kept, in order.
        usage: how often keys were used; None until it is counted.
        audit: what the last audit found; None before the first.
        findings: what deserves attention; None until it is found out.
        holdings: where the ledger comes from; None until it is read.
        questions: the catalogue; None until it is read.
        result: the rows of the last query; None before the first.
        explained: the whole answer of `explain` for what is selected, at this moment; None until
            it is there.
        sealed: the entry under the cursor as it is sealed; None until it is there.
        busy: what is being worked on, by name, and how many percent of it are done.
    """

    playback: Playback
    position: Position
    matches: tuple[int, ...] | None = None
    settings: Settings
    is_playing: bool = False
    speed: int = 1
    follows: bool = False
    crossed_out: frozenset[int] = frozenset()
    bookmarks: tuple[int, ...] = ()
    usage: Usage | None = None
    audit: Document | None = None
    findings: Document | None = None
    holdings: Document | None = None
    questions: tuple[Question, ...] | None = None
    result: Result | None = None
    explained: Document | None = None
    sealed: Document | None = None
    busy: Mapping[str, int] = field(default_factory=dict)

    @property
    def at(self) -> int:
        """The playhead."""
        return self.position.at

    @property
    def clock(self) -> Clock:
        """How times are shown."""
        return self.settings.clock

    @cached_property
    def track(self) -> Track | None:
        """The key or database that is selected."""
        return self.playback.by_id.get(self.position.selected or "")

    @cached_property
    def row(self) -> Document | None:
        """The row of `state` of what is selected; None where it does not exist now."""
        return None if self.track is None else self.track.at(self.at)

    @cached_property
    def outline(self) -> Document | None:
        """What `explain` says of the selected database by lookups alone; None for a key."""
        if self.track is None or self.track.is_key:
            return None
        return self.playback.outline(self.track.id, self.at)

    @cached_property
    def verdicts(self) -> Mapping[str, int]:
        """How many databases have which verdict now."""
        return self.playback.verdicts(self.at)

    def time_left(self, verdict: str) -> int | None:
        """Return how long the first of those with a verdict can still be saved; None without one.

        Microseconds. A healthy database has no such end, a lost one no such time.
        """
        rows = (one.at(self.at) for one in self.playback.tracks if not one.is_key)
        ends = (
            moment_of(row["recoverable_until"]) - self.at
            for row in rows
            if row is not None and row["verdict"] == verdict and row["recoverable_until"]
        )
        left = min((end for end in ends if end > 0), default=None)
        return None if verdict in {"healthy", "unrecoverable"} else left

    @property
    def event(self) -> Happening | None:
        """The event under the cursor; None before the first."""
        place = self.position.event
        return self.playback.happenings[place] if place >= 0 else None

    @property
    def is_sealed_read(self) -> bool:
        """Whether the entry under the cursor is there as it is sealed."""
        if self.event is None or self.sealed is None:
            return False
        return bool(self.sealed["entry"] == self.event.evidence.entry)

    @cached_property
    def is_at_end(self) -> bool:
        """Whether nothing has happened after the playhead."""
        return self.at >= self.playback.end

    @cached_property
    def changed_verdicts(self) -> tuple[tuple[Track, str | None, str | None], ...]:
        """What the counterfactual judges otherwise now: database, really, instead."""
        return tuple(self.playback.changed_verdicts(self.at))

    def member(self, name: str) -> Any:
        """Return a member of the selected row, None where there is none."""
        return None if self.row is None else self.row.get(name)
