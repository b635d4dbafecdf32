"""What clocks may move is all that is replayed for a forecast; it is the forecast of everything."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, note, settings

from analyzer.answers.forecast import (
    Forecast,
    database_forecast,
    forecast_of_all,
    key_forecast,
)
from analyzer.history.history import History
from analyzer.moment import DAY, HOUR, Moment
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


def _of_everything(history: History, at: Moment) -> set[Forecast]:
    past = history.until(at)
    found = {
        one
        for identity in history.groups.database_facts
        for one in database_forecast(past, identity, at)
    }
    return found | {one for arn in history.keys for one in key_forecast(past, arn, at)}


def _alike(history: History, stride: int = 1) -> int:
    """Compare at the moments of records and somewhat later; return how much was foreseen."""
    times = sorted({fact.evidence.time for fact in history.groups.facts})
    moments = sorted({time + later for time in times for later in (0, HOUR, 3 * DAY)})
    count = 0
    for at in moments[::stride]:
        told = forecast_of_all(
            history, at, databases=history.groups.database_facts, keys=history.keys
        )
        assert set(told) == _of_everything(history, at)
        count += len(told)
    return count


def test_of_the_stories_everything_that_comes_is_foreseen() -> None:
    history = History(facts_of(delivered(STORIES)))
    unrest = history.unrest
    assert 0 < len(unrest.databases) < len(history.groups.database_facts)
    assert 0 < len(unrest.keys) < len(history.keys)
    assert _alike(history, stride=10) > 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=worlds())
def test_of_random_worlds_it_is(world: AwsSimulator) -> None:
    _alike(History(facts_of(world.payloads())))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(start=starts, calls=histories)
def test_of_random_histories_it_is(start: Start, calls: list[Pick]) -> None:
    script = drive(start, calls).script
    note(printed(script))
    _alike(History(facts_of(play(script)[0].payloads())))


@pytest.mark.long
@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(start=starts, calls=histories)
def test_of_many_random_histories_it_is(start: Start, calls: list[Pick]) -> None:
    _alike(History(facts_of(play(drive(start, calls).script)[0].payloads())))
