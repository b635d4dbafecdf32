"""Moves: where one stands depends on where one went, not on how one came there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.answers.explain import outline
from analyzer.answers.state import state
from analyzer.case import Case, Playback
from analyzer.history.naming import Named
from analyzer.playback.build import build, hypothetical
from tests.cli.terminal import NOW
from tests.dashboard.driver import Driver, drive
from tests.replayed import Replayed
from tests.simulator.world import AwsSimulator
from tests.strategies import worlds
from tui.dashboard import position as moves
from tui.dashboard.panels.copies import Copies
from tui.dashboard.panels.diff import Diff
from tui.dashboard.panels.state import fields
from tui.dashboard.panels.why import Why
from tui.dashboard.view import DashboardView, Settings

shares = st.floats(0, 1.2)
quick = settings(max_examples=40, deadline=None)


def _playback(world: AwsSimulator) -> Playback:
    return build(Replayed(world).scope())


def _moment(playback: Playback, share: float) -> int:
    return playback.start + round((playback.end - playback.start) * share)


def _shown(playback: Playback, position: moves.Position) -> list[object]:
    """Everything that the inspector says."""
    view = DashboardView(playback=playback, position=position, settings=Settings(ledger="x.db"))
    told: list[object] = [list(fields(view, 60)), view.outline, dict(view.verdicts)]
    return [*told, *(panel().lines(view, 60) for panel in (Why, Diff, Copies))]


@quick
@given(world=worlds(), here=shares, there=shares)
def test_two_seeks_show_what_a_fresh_start_at_the_second_shows(
    world: AwsSimulator, here: float, there: float
) -> None:
    playback = _playback(world)
    chosen = playback.named("orders", playback.end)
    start = moves.opened(playback, None, chosen)
    second = _moment(playback, there)
    went = moves.to_moment(playback, start, _moment(playback, here))
    went = moves.to_moment(playback, went, second)
    fresh = moves.to_moment(playback, moves.opened(playback, second, chosen), second)
    assert went == fresh
    assert _shown(playback, went) == _shown(_playback(world), fresh)


@quick
@given(world=worlds(), share=shares)
def test_a_lookup_says_what_state_and_explain_say(world: AwsSimulator, share: float) -> None:
    replayed = Replayed(world)
    playback = build(replayed.scope())
    at = _moment(playback, share)
    scope = playback.scope.__class__(history=replayed.history, at=at, known_at=playback.size)
    for track in playback.tracks:
        kind = "key" if track.is_key else "database"
        told = state(scope, Named(kind=kind, id=track.id))
        rows = [*told["keys"], *told["databases"]]
        assert [row for row in (track.at(at),) if row is not None] == rows
        if not track.is_key and rows:
            assert playback.outline(track.id, at) == outline(scope, track.id)
            assert list(track.copies_at(at)) == outline(scope, track.id)["copies"]


@quick
@given(world=worlds(), share=st.floats(0, 1))
def test_crossing_nothing_out_changes_nothing_and_the_order_stays(
    world: AwsSimulator, share: float
) -> None:
    playback = _playback(world)
    same = hypothetical(playback, ())
    assert [(one.id, one.rows) for one in same.tracks] == [
        (one.id, one.rows) for one in playback.tracks
    ]
    assert same.happenings == playback.happenings
    place = round(share * (len(playback.happenings) - 1))
    without = hypothetical(playback, [playback.happenings[place].evidence.entry])
    assert [one.id for one in without.tracks] == [one.id for one in playback.tracks]
    assert [one.evidence for one in without.happenings] == [
        one.evidence for one in playback.happenings
    ]
    assert without.happenings[place].removed == "crossed out"


@quick
@given(world=worlds(), steps=st.lists(st.sampled_from([1, -1, 3, -2]), max_size=12))
def test_steps_walk_the_events_and_never_leave_them(world: AwsSimulator, steps: list[int]) -> None:
    playback = _playback(world)
    position = moves.to_event(playback, moves.opened(playback, None, None), 0)
    place = 0
    for by in steps:
        position = moves.step(playback, position, None, by)
        place = min(max(place + by, 0), len(playback.happenings) - 1)
        assert position.event == place
        assert position.at == playback.times[place]


@pytest.mark.parametrize("keys", [("3", "7"), ("home", "right_square_bracket", "O")])
def test_the_screen_is_the_same_as_after_a_fresh_start(payroll: Path, keys: tuple[str]) -> None:
    shown: list[str] = []
    ats: list[str] = []

    async def wander(driver: Driver) -> None:
        await driver.press(*keys)
        await driver.settled()
        ats.append(driver.at.replace(" ", "T"))
        shown.append(driver.screen())

    async def start(driver: Driver) -> None:
        shown.append(driver.screen())

    drive(payroll, wander, resource="payroll")
    drive(payroll, start, resource="payroll", at=ats[0])
    assert shown[0] == shown[1]


def test_a_ledger_without_anything_in_it_can_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    Case.open_or_create(path, NOW).close()

    async def story(driver: Driver) -> None:
        await driver.press("full_stop", "s", "left_square_bracket", "x", "i", "w", "f3", "f5", "f7")
        await driver.press("f2", "enter", "b", "c", "Y")
        assert "no database at this moment" in driver.screen()

    drive(path, story)
