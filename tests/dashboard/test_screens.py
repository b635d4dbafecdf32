"""Screens: each shows what its command tells, and Enter leads back to the moment."""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

from textual.events import MouseScrollUp
from textual.widgets import Input

from tests.cli.terminal import keyledger
from tests.dashboard.driver import Driver, drive
from tests.golden import ROOT
from tui.dashboard.main import Main
from tui.dashboard.panels.events import Events
from tui.dashboard.panels.why import Why
from tui.dashboard.row_list import WHEEL
from tui.dashboard.screens.lanes import Lanes
from tui.dashboard.strip import TimeStrip
from tui.dashboard.view import Settings


def test_findings_actors_and_evidence_tell_and_lead_back(every_story: Path) -> None:
    async def story(driver: Driver) -> None:
        await driver.press("f4")
        await driver.until(lambda: driver.view.findings is not None)
        assert "Database unrecoverable" in driver.screen()
        await driver.press("down", "enter")
        assert driver.at == "2026-03-10 19:02:54Z"
        assert "payroll is UNRECOVERABLE" in driver.screen()
        await driver.press("f5")
        assert "user/svc-deploy-legacy" in driver.screen()
        assert "What put data in danger" in driver.screen()
        await driver.press("enter")
        assert driver.view.position.filter == "arn:aws:iam::444455556666:user/svc-deploy-legacy"
        assert driver.view.event is not None
        assert driver.view.event.evidence.event_name == "DeleteDBSnapshot"
        await driver.press("escape", "f7")
        await driver.until(lambda: "Where it is silent" in driver.screen())
        shown = driver.screen()
        assert "● intact" in shown
        assert "logging was stopped by StopLogging" in shown
        await driver.press("enter")
        await driver.until(lambda: driver.view.audit is not None)
        await driver.settled()
        assert driver.view.audit is not None

    drive(every_story, story, size=(160, 40))


def test_a_question_and_sql_are_asked_of_the_moment(payroll: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "payroll.db"
    shutil.copy(payroll, ledger)

    async def story(driver: Driver) -> None:
        await driver.press("f6")
        await driver.until(lambda: driver.view.questions is not None)
        await driver.press("down", "down", "down", "enter")
        await driver.until(lambda: driver.view.result is not None)
        assert "DeleteDBSnapshot" in driver.screen()
        main = driver.app.main
        line = main.query_one("#sql", Input)
        line.focus()
        line.value = "SELECT event_name, count(*) AS n FROM events GROUP BY ALL ORDER BY ALL"
        await driver.press("enter")
        await driver.until(lambda: driver.view.result and "n" in driver.view.result.columns)
        line.value = "SELEC nonsense here"
        await driver.press("enter")
        await driver.settled()
        assert driver.app.is_running
        await driver.press("up")
        assert line.value == "SELEC nonsense here"

    drive(ledger, story)


def test_the_mouse_works_on_the_strip_the_lanes_and_the_lists(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        await driver.pilot.click(TimeStrip, offset=(0, 1))
        assert driver.view.at == driver.view.playback.start
        await driver.pilot.click("#events", offset=(10, 4))
        assert driver.view.position.event == 3
        await driver.pilot.click("#resources", offset=(8, 1))
        assert driver.view.track is not None
        assert driver.view.track.name == "alias/crm"
        await driver.press("f3")
        await driver.pilot.click(Lanes, offset=(60, 5))
        assert driver.view.track.name == "payroll"
        await driver.pilot.click("KeyBar", offset=(10, 0))
        assert driver.view.is_playing
        await driver.press("space")

    drive(payroll, story)


def test_wheel_and_bar_scroll_and_the_cursor_leads_back(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        rows = driver.app.main.query_one(Events)
        stood = rows.top
        assert rows.top <= rows.cursor < rows.top + rows.lines_high
        x, y, width, height = rows.content_region
        await driver.pilot.mouse_down(offset=(x + width - 1, y))
        await driver.pilot.mouse_up(offset=(x + width - 1, y))
        assert rows.top == 0
        cursor = rows.cursor
        await driver.pilot.mouse_down(offset=(x + width - 1, y))
        await driver.pilot.hover(offset=(x + width - 1, y + height - 1))
        assert rows.top == rows.count() - rows.lines_high
        await driver.pilot.mouse_up(offset=(x + width - 1, y + height - 1))
        rows.post_message(MouseScrollUp(rows, 5, 5, 0, -1, 0, shift=False, meta=False, ctrl=False))
        await driver.pilot.pause()
        assert rows.top == rows.count() - rows.lines_high - WHEEL
        assert rows.cursor == cursor
        await driver.press("full_stop", "comma")
        assert rows.top == stood

    drive(payroll, story, size=(100, 24))


def test_a_text_scrolls_by_keys_and_another_one_begins_at_the_top(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        await driver.press("w", "pagedown")
        text = driver.app.main.query_one(Why)
        assert text.top == text.lines_high - 1
        await driver.press("full_stop")
        assert text.top == text.lines_high - 1
        await driver.press("k", "up", "up")
        assert text.top == 0

    drive(payroll, story, size=(100, 24))


def test_new_entries_appear_and_the_playhead_at_the_end_goes_with_them(tmp_path: Path) -> None:
    ledger = tmp_path / "case.db"
    story_folder = ROOT / "samples/stories"
    keyledger("ingest", str(story_folder / "orders-saved-in-time"), "--ledger", str(ledger))

    async def story(driver: Driver) -> None:
        await driver.press("f", "end")
        size = driver.view.playback.size
        more = ("ingest", str(story_folder / "quiet-trail"), "--ledger", str(ledger), "-q")
        code = "from tui.cli import main; main()"
        elsewhere = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, *more, stdout=asyncio.subprocess.DEVNULL
        )
        assert await elsewhere.wait() == 0
        await driver.until(lambda: driver.view.playback.size > size)
        assert driver.view.at == driver.view.playback.end
        assert "claims" in driver.screen()

    drive(ledger, story)


def test_what_a_log_says_is_shown_to_the_letter(tmp_path: Path) -> None:
    ledger = tmp_path / "hostile.db"
    record = (
        '{"eventVersion":"1.11","eventTime":"2026-01-01T00:00:00Z","eventSource":"kms.amazonaws.com",'
        '"eventName":"CreateKey","awsRegion":"us-east-1","recipientAccountId":"111122223333",'
        '"eventID":"e-1","userIdentity":{"type":"IAMUser","arn":"[bold red]x[/]\\u001b[2J$(id)"},'
        '"responseElements":{"keyMetadata":{"keyId":"k","arn":"arn:aws:kms:us-east-1:111122223333:key/k"}}}'
    )
    source = tmp_path / "record.json"
    source.write_text(record)
    keyledger("ingest", str(source), "--ledger", str(ledger))

    async def story(driver: Driver) -> None:
        for key in ("w", "i", "r", "f5"):
            await driver.press(key)
            await driver.settled()
            shown = driver.screen()
            assert "\x1b" not in shown
            assert "[bold red]x[/]" in shown or key == "i"

    drive(ledger, story, size=(200, 60))


def test_a_terminal_that_is_too_small_is_told_the_command_instead(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        shown = driver.screen()
        assert "needs 80 columns and 24 lines" in shown
        assert "keyledger explain payroll --at 2026-03-10T19:02:54Z" in shown

    drive(payroll, story, size=(70, 20))


def test_every_theme_can_be_set_while_it_runs(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        before = driver.screen()
        for theme in ("keyledger-light", "ansi-dark", "ansi-light", "nord", "keyledger-dark"):
            driver.app.theme = theme
            await driver.pilot.pause()
            assert driver.screen() == before
        assert isinstance(driver.app.screen, Main)

    drive(payroll, story, settings=Settings(ledger="payroll.db"))


def test_every_lane_lies_under_the_strip(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        await driver.press("f3")
        await driver.settled()
        rows = driver.screen().splitlines()
        heads = {row.index("┃") for row in rows if "┃" in row}
        assert len(heads) == 1

    drive(payroll, story)
