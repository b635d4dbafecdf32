"""The view: everything that the screen shows at one moment; frozen, so that panels only read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analyzer.case import Document, Happening, Playback, Track
from tui.dashboard.clock import Clock
from tui.dashboard.position import Position


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What stays the same while one scrubs.

    Attributes:
        ledger: the ledger's path, as it was given.
        clock: how times are shown.
        is_default_ledger: whether a command finds the ledger without being told.
    """

    ledger: str
    clock: Clock = field(default_factory=Clock)
    is_default_ledger: bool = False


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
        audit: the outcome of the audit; None until it has run.
        explained: the whole answer of `explain` for what is selected, at this moment; None until
            it is there.
        sealed: the entry under the cursor as it is sealed; None until it is there.
        busy: what is being worked on, empty for nothing.
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
    audit: str | None = None
    explained: Document | None = None
    sealed: Document | None = None
    busy: str = ""

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

    @property
    def event(self) -> Happening | None:
        """The event under the cursor; None before the first."""
        place = self.position.event
        return self.playback.happenings[place] if place >= 0 else None

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
