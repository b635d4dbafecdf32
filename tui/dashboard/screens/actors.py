"""Actors: who did what, and what came of it."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal

from analyzer.case import Gravity, Happening
from tui import people
from tui.dashboard.clock import typed
from tui.dashboard.line import BLANK, Line, Piece, cells, line, said
from tui.dashboard.lists import Listed, Told
from tui.dashboard.sheet import Sheet
from tui.dashboard.telling import deed
from tui.dashboard.tones import OF_GRAVITY
from tui.dashboard.view import DashboardView
from tui.words import counted, numbered

NUMBER = 10
"""Columns of a count with its noun."""
WIDE = 56
"""Columns from which on there is room for three of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who made control calls, or a service that spoke.

    Attributes:
        name: in short, session included.
        arn: as evidence cites it.
        events: what they did, in order.
    """

    name: str
    arn: str
    events: tuple[Happening, ...]

    @property
    def filter(self) -> str:
        """The filter that shows only what they did."""
        return self.events[0].evidence.session or self.arn or "nobody"

    @property
    def is_service(self) -> bool:
        """Whether nobody is to be asked: AWS did it by itself."""
        return not self.arn.startswith("arn:")

    @property
    def failed(self) -> int:
        """How many of their calls failed."""
        return sum(one.evidence.error is not None for one in self.events)

    @property
    def grave(self) -> tuple[Happening, ...]:
        """What they did that put data in danger, or lost it."""
        return tuple(one for one in self.events if (one.gravity or 0) >= Gravity.HIGH)

    @property
    def gravity(self) -> int:
        """The gravest of it."""
        return max((int(one.gravity) for one in self.events if one.gravity is not None), default=-1)


def actors_of(happenings: Iterable[Happening]) -> list[Actor]:
    """Return everybody, whoever did the gravest things first, services last."""
    found: dict[tuple[str, str], list[Happening]] = {}
    for one in happenings:
        name = people.actor(one.evidence.document())
        found.setdefault((name, one.evidence.actor or ""), []).append(one)
    actors = [
        Actor(name=name, arn=arn, events=tuple(events)) for (name, arn), events in found.items()
    ]
    return sorted(actors, key=lambda one: (one.is_service, -one.gravity, -len(one.grave), one.name))


class Actors(Listed[Actor]):
    """Everybody with a count of what they did."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__("actor-list", "Actors")

    def source(self, view: DashboardView) -> object:
        """Return the history: another one has other actors."""
        return view.playback

    def items(self, view: DashboardView) -> Sequence[Actor]:
        """Return everybody, whoever did the gravest things first."""
        return actors_of(view.playback.happenings)

    def line(self, item: Actor, view: DashboardView, columns: int) -> Line:
        """Return an actor: name, calls, failed ones, grave ones."""
        del view
        grave = len(item.grave)
        tone = OF_GRAVITY[max(item.gravity, 0)]
        symbol = Piece("✖" if item.gravity == Gravity.CRITICAL else "▲", tone)
        numbers = [_number(counted(len(item.events), "event"), "")]
        if columns >= WIDE:
            numbers += [
                _number(f"{item.failed} failed" if item.failed else "", "warn"),
                _number(f"{grave} grave" if grave else "", tone),
            ]
        taken = sum(width + 1 for _, width in numbers)
        head = symbol if grave else Piece(" ")
        return cells((line(head, " ", said(item.name, "strong")), columns - taken), *numbers)


def _number(text: str, tone: str) -> tuple[Line, int]:
    return ((Piece(text.rjust(NUMBER), tone),), NUMBER)


class Deeds(Told):
    """What the actor under the cursor did, from where, the grave things first."""

    def told(self, view: DashboardView) -> Iterator[Line]:
        """Yield what is known of the actor."""
        if isinstance(self.item, Actor):
            yield from _told(self.item, view)


def _told(actor: Actor, view: DashboardView) -> Iterator[Line]:
    sources = Counter(one.evidence.source_ip for one in actor.events if one.evidence.source_ip)
    first, last = actor.events[0].at, actor.events[-1].at
    yield line(said(actor.arn or "nobody on record", "faint"))
    yield line(Piece(f"from {view.clock.full(first)} to {view.clock.full(last)}", "faint"))
    for address, count in sources.most_common(8):
        yield line(
            Piece("· ", "faint"), said(address), Piece(f"  {counted(count, 'event')}", "faint")
        )
    if actor.grave:
        yield BLANK
        yield line(Piece("What put data in danger", "accent strong"))
        yield from (_deed(one, view) for one in actor.grave)
    yield BLANK
    yield line(Piece("Everything, newest first", "accent strong"))
    yield from (_deed(one, view) for one in reversed(actor.events[-200:]))


def _deed(one: Happening, view: DashboardView) -> Line:
    tone = OF_GRAVITY[one.gravity] if one.gravity is not None else "faint"
    by = one.evidence.document()
    told = deed(by)
    return line(
        Piece("◆ " if (one.gravity or 0) >= Gravity.HIGH else "· ", tone),
        Piece(view.clock.short(one.at), "faint"), " ", *(told[1:] or told),
        said(f" {numbered(by['entry'])}", "faint"),
    )  # fmt: skip


class ActorsSheet(Sheet):
    """Who did what; Enter shows only their events on the Replay screen."""

    NAME: ClassVar[str] = "actors"

    def compose(self) -> ComposeResult:
        """Put everybody beside what the chosen one did."""
        with Horizontal():
            yield Actors().data_bind(view=ActorsSheet.view)
            yield Deeds("actor-deeds").data_bind(view=ActorsSheet.view)

    def on_listed_turned(self, message: Listed.Turned) -> None:
        """Tell of the actor under the cursor."""
        self.query_one(Deeds).item = message.item

    def command(self, view: DashboardView) -> str:
        """Return the query that lists what the actor under the cursor did."""
        actor = self.query_one(Actors).item
        if actor is None or not actor.arn:
            return f"query busiest_principals --at {typed(view.at)}"
        return f"query actor_activity --actor {shlex.quote(actor.filter)} --at {typed(view.at)}"
