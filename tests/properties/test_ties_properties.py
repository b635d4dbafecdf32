"""What hangs together is replayed apart: the rows of all parts are those of the whole."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st

from analyzer.history.gaps import enders, mark, stand_in
from analyzer.history.history import History
from analyzer.history.ties import components, parts, ties
from analyzer.resource import Fact
from analyzer.resources.trail import TrailEvent
from analyzer.warehouse.derived import derived
from analyzer.warehouse.pieces import FROM_FACTS
from analyzer.warehouse.tables import GAPS
from tests.golden import ROOT
from tests.model.drive import Pick
from tests.model.driver import Start, drive
from tests.model.script import play, printed
from tests.properties.test_model import histories, starts
from tests.replayed import facts_of
from tests.simulator.reading import delivered
from tests.simulator.world import AwsSimulator
from tests.strategies import worlds

STORIES = ROOT / "samples/stories"


def _rows(facts: list[Fact]) -> dict[str, list[Any]]:
    history = History(facts)
    return {table.name: sorted(derived(table, history), key=repr) for table in FROM_FACTS}


def _rows_of_parts(facts: list[Fact], count: int) -> dict[str, list[Any]]:
    found = components([[hash(tie) for tie in ties(fact)] for fact in facts])
    where = parts(found, count)
    trails = [place for place, fact in enumerate(facts) if isinstance(fact.event, TrailEvent)]
    of_all = {*trails, *enders([mark(fact) for fact in facts], trails)}
    rows: dict[str, list[Any]] = {table.name: [] for table in FROM_FACTS}
    for part in range(count):
        held = [
            fact if one == part else stand_in(fact)
            for place, (fact, one) in enumerate(zip(facts, where, strict=True))
            if one == part or place in of_all
        ]
        for name, told in _rows(held).items():
            rows[name] += told if part == 0 or name != GAPS.name else []
    return {name: sorted(told, key=repr) for name, told in rows.items()}


def _alike(facts: list[Fact]) -> int:
    """Compare, a component a part; returns how many there are."""
    count = len(set(components([[hash(tie) for tie in ties(fact)] for fact in facts])))
    assert _rows_of_parts(facts, max(1, count)) == _rows(facts)
    return count


def test_the_stories_fall_into_parts_and_come_together_again() -> None:
    assert _alike(facts_of(delivered(STORIES))) > len(list(STORIES.iterdir()))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=worlds())
def test_random_worlds_do(world: AwsSimulator) -> None:
    _alike(facts_of(world.payloads()))


def _pick(call: int, other: int = 0) -> Pick:
    return Pick(wait=0, call=call, which=0, other=other, luck=0)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(  # a blue database keeps living under a name that only its own records say
    start=Start(keys=(0,), databases=(_pick(1, 4),)), calls=[_pick(62), _pick(64), *[_pick(0)] * 20]
)
@given(start=starts, calls=histories)
def test_random_histories_do(start: Start, calls: list[Pick]) -> None:
    script = drive(start, calls).script
    note(printed(script))
    _alike(facts_of(play(script)[0].payloads()))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    world=worlds(),
    silences=st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(["stop", "start", "exclude", "include"])),
        min_size=1,
        max_size=4,
    ),
)
def test_random_worlds_with_silent_trails_do(
    world: AwsSimulator, silences: list[tuple[int, str]]
) -> None:
    for day, what in silences:
        at = timedelta(days=day, hours=1)
        match what:
            case "stop":
                world.stop_logging(at=at)
            case "start":
                world.start_logging(at=at)
            case _:
                world.put_event_selectors(exclude_kms=what == "exclude", at=at)
    _alike(facts_of(world.payloads()))


@pytest.mark.parametrize("count", [1, 2, 7])
def test_parts_are_alike_in_size_and_no_component_is_torn(count: int) -> None:
    found = [one for one in range(20) for _ in range(one)]
    where = parts(found, count)
    assert len(set(zip(found, where, strict=True))) == len(set(found))
    sizes = [where.count(part) for part in range(count)]
    assert max(sizes) - min(sizes) <= max(found)
