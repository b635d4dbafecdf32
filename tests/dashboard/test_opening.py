"""Opening: the first thing that one sees is the loss, and the next key is the last chance."""

from __future__ import annotations

from pathlib import Path

from analyzer.errors import UnknownResourceError
from ledger.errors import LedgerMissingError
from tests.dashboard.driver import Driver, drive


def test_a_ledger_with_a_lost_database_opens_at_the_moment_of_loss(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        shown = driver.screen()
        assert driver.at == "2026-03-10 19:02:54Z"
        assert driver.view.track is not None
        assert driver.view.track.name == "payroll"
        assert driver.view.event is not None
        assert driver.view.event.evidence.event_name == "DeleteKey"
        assert "payroll is UNRECOVERABLE" in shown
        assert "role/key-hygiene (tomasz.wrona)" in shown
        assert "The last second to save it was 2026-03-10" in shown

    drive(payroll, story)


def test_one_key_goes_to_the_last_second_and_shows_what_would_have_saved_it(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        await driver.press("s")
        shown = driver.screen()
        assert driver.at == "2026-03-10 16:02:10Z"
        assert "1 s left" in shown
        assert "aws kms cancel-key-deletion" in shown
        await driver.press("backspace")
        assert driver.at == "2026-03-10 19:02:54Z"

    drive(payroll, story)


def test_a_resource_opens_at_the_moment_at_which_it_became_what_it_is(every_story: Path) -> None:
    async def story(driver: Driver) -> None:
        assert driver.at == "2026-05-20 03:30:15Z"
        assert "billing is RECOVERABLE" in driver.screen()

    drive(every_story, story, resource="billing")


def test_a_moment_that_was_asked_for_is_where_it_opens(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        assert driver.at == "2026-03-04 08:00:00Z"
        assert "payroll is RECOVERABLE WITH ACTION" in driver.screen()

    drive(payroll, story, at="2026-03-04T08:00:00Z")


def test_only_what_was_sealed_by_then_is_known(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        assert driver.view.playback.size == 100
        assert max(one.evidence.entry for one in driver.view.playback.happenings) < 100

    drive(payroll, story, known_at="#100")


def test_a_name_that_nothing_has_is_told_after_leaving(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        assert isinstance(driver.app.fatal, UnknownResourceError)

    drive(payroll, story, resource="nobody")


def test_a_ledger_that_is_missing_is_told_after_leaving(tmp_path: Path) -> None:
    async def story(driver: Driver) -> None:
        assert isinstance(driver.app.fatal, LedgerMissingError)

    drive(tmp_path / "none.db", story)
