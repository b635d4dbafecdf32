"""Replayed: from the simulator's records straight to answers, no ledger in between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from analyzer import moment
from analyzer.answers.explain import explain
from analyzer.answers.shape import Scope
from analyzer.answers.state import state
from analyzer.answers.timeline import timeline
from analyzer.history.history import History
from analyzer.history.naming import resolve
from analyzer.reader import decode, read
from analyzer.resource import Fact
from tests.simulator.world import AwsSimulator


def facts_of(payloads: Iterable[bytes]) -> list[Fact]:
    """Decode payloads as a replay would; the same payload twice is a duplicate and counts once."""
    records = (read(index, payload) for index, payload in enumerate(dict.fromkeys(payloads)))
    decoded = (decode(record) for record in records if record is not None)
    return [fact for fact in decoded if isinstance(fact, Fact)]


class Replayed:
    """Answers about a simulated account at moments counted from the simulator's start."""

    def __init__(self, world: AwsSimulator) -> None:
        self.start = world.start
        self.history = History(facts_of(world.payloads()))

    def scope(self, at: timedelta | None = None) -> Scope:
        end = self.history.end or 0
        when = end if at is None else moment.of(self.start + at)
        return Scope(history=self.history, at=when, known_at=len(self.history.groups.facts))

    def explain(self, name: str, at: timedelta | None = None) -> dict[str, Any]:
        scope = self.scope(at)
        return explain(scope, resolve(self.history, name, scope.at, ("database",)).id)

    def state(self, at: timedelta | None = None) -> dict[str, Any]:
        return state(self.scope(at), None)

    def key(self, arn: str, at: timedelta | None = None) -> dict[str, Any]:
        [found] = [key for key in state(self.scope(at), None)["keys"] if key["arn"] == arn]
        return dict(found)

    def database(self, name: str, at: timedelta | None = None) -> dict[str, Any]:
        rows = state(self.scope(at), None)["databases"]
        [found] = [row for row in rows if name in {row["name"], row["arn"], row["resource_id"]}]
        return dict(found)

    def timeline(self, name: str, at: timedelta | None = None) -> dict[str, Any]:
        scope = self.scope(at)
        return timeline(scope, resolve(self.history, name, scope.at, ("key", "database")))

    def time(self, at: timedelta) -> str:
        """Spell a moment counted from the start as documents do."""
        return spelled(self.start + at)


def spelled(at: datetime) -> str:
    """Spell a moment as documents do."""
    return moment.text(moment.of(at))
