"""Errands: what is found out is shown or given up, never lost; the old never hides the new."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from textual.widgets import Input

from analyzer.playback.build import hypothetical
from tests.dashboard.driver import Driver, drive
from tui.dashboard import position as moves
from tui.dashboard.errand import STEP, Errand, GivenUpError
from tui.dashboard.messages import Busy, Explained, PlaybackReady, SealedRead
from tui.dashboard.view import Settings

ENDLESS = (
    "SELECT count(*) AS n FROM range(1000000) AS a, range(1000000) AS b WHERE a.range < b.range"
)


def test_an_errand_tells_now_and_then_and_ends_where_nobody_waits() -> None:
    told: list[int] = []
    errand = Errand("audit", lambda _, percent: told.append(percent))
    for done in range(1000):
        errand.go_on(done, 1000)
    assert told == list(range(0, 100, STEP))
    errand.end()
    with pytest.raises(GivenUpError):
        errand.go_on(1000, 1000)
    assert told[-1] < 100


def test_a_record_that_comes_after_the_cursor_has_left_does_not_hide_the_one_it_is_on(
    payroll: Path,
) -> None:
    async def story(driver: Driver) -> None:
        here = driver.view.sealed
        assert here is not None
        await driver.press("comma")
        await driver.settled()
        other = driver.view.sealed
        await driver.press("full_stop")
        await driver.settled()
        assert other is not None
        driver.app.post_message(SealedRead(other))
        await driver.settled()
        assert driver.view.is_sealed_read
        assert driver.view.sealed == here

    drive(payroll, story)


def test_an_explanation_by_another_history_is_not_shown(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        view = driver.view
        real, told = view.playback, view.explained
        await driver.press("left_square_bracket", "left_square_bracket", "x")
        await driver.until(lambda: driver.view.playback is not real)
        driver.app.go(moves.to_moment(driver.view.playback, driver.view.position, view.at))
        await driver.settled()
        there = driver.view.explained
        driver.app.post_message(Explained(real, str(view.position.selected), view.at, told))
        await driver.settled()
        assert driver.view.explained == there != told

    drive(payroll, story)


def test_escape_gives_a_what_if_up_and_a_late_one_is_not_shown(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        real = driver.view.playback
        await driver.press("left_square_bracket", "left_square_bracket")
        driver.app.main.action_cross_out()
        assert driver.view.crossed_out
        driver.app.main.action_clear()
        assert not driver.view.crossed_out
        await driver.settled()
        assert driver.view.playback is real
        supposed = hypothetical(real, [79])
        driver.app.post_message(PlaybackReady(supposed))
        await driver.settled()
        assert driver.view.playback is real
        assert not driver.view.busy

    drive(payroll, story)


def test_escape_ends_a_query_and_the_next_one_is_answered(payroll: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "payroll.db"
    shutil.copy(payroll, ledger)

    async def story(driver: Driver) -> None:
        await driver.press("f6")
        sql = driver.app.main.query_one("#sql", Input)
        sql.focus()
        sql.value = ENDLESS
        await driver.press("enter")
        await driver.until(lambda: "query" in driver.view.busy)
        await driver.press("escape")
        await driver.until(lambda: not driver.view.busy)
        assert driver.view.result is None
        sql.value = "SELECT count(*) AS n FROM events"
        await driver.press("enter")
        await driver.until(lambda: driver.view.result is not None)

    drive(ledger, story)


def test_where_usage_cannot_be_counted_everything_else_is_there(
    payroll: Path, tmp_path: Path
) -> None:
    ledger = tmp_path / "payroll.db"
    shutil.copy(payroll, ledger)
    with duckdb.connect(tmp_path / "payroll.duckdb") as foreign:
        foreign.execute("CREATE TABLE of_somebody_else (number INTEGER)")

    async def story(driver: Driver) -> None:
        await driver.settled()
        assert driver.view.usage is None
        assert not driver.view.busy
        assert "payroll is UNRECOVERABLE" in driver.screen()

    drive(ledger, story)


def test_how_far_something_is_that_was_given_up_is_not_told(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        driver.app.post_message(Busy(Errand("query"), 40))
        await driver.settled()
        assert not driver.view.busy

    drive(payroll, story)


def test_a_ledger_of_which_only_a_part_is_known_is_not_laid_out_again_and_again(
    payroll: Path,
) -> None:
    async def story(driver: Driver) -> None:
        await driver.press("f")
        driver.app.look_for_more()
        await driver.settled()
        first = driver.view.playback
        driver.app.look_for_more()
        await driver.settled()
        assert driver.view.playback is first

    drive(payroll, story, known_at="#100", settings=Settings(ledger="payroll.db"))
