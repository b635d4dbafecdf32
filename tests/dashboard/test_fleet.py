"""The dashboard over a fleet: the same screens, entries by shard, commands that ask the fleet."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analyzer import place
from analyzer.fleet.fleet import Fleet
from analyzer.s3.access import Access
from tests.dashboard.driver import Driver, drive
from tests.fleets import AWAY, estate, fleet_of, fleet_of_stories, sealed, split
from tui.access import words_of
from tui.dashboard.desk import of_fleet
from tui.dashboard.view import Settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All stories, by account and Region."""
    made = fleet_of_stories(tmp_path_factory.mktemp("dashboard") / "fleet")
    sealed(made)
    return made


def test_a_fleet_is_scrubbed_through_like_a_ledger(folder: Path) -> None:
    async def story(driver: Driver) -> None:
        assert "payroll is UNRECOVERABLE" in driver.screen()
        assert driver.view.event is not None
        assert "1#" in driver.screen()
        await driver.settled()
        assert driver.view.is_sealed_read
        await driver.press("f7")
        await driver.settled()
        shown = driver.screen()
        assert "● intact" in shown
        assert "777788889999/eu-central-1" in shown

    settings = Settings(ledger="fleet", is_fleet=True)
    drive(folder, story, opener=Fleet.open, settings=settings, resource="payroll")


def test_a_lost_shard_is_a_hole_in_the_evidence(folder: Path, tmp_path: Path) -> None:
    async def story(driver: Driver) -> None:
        await driver.press("f7")
        await driver.settled()
        shown = driver.screen()
        assert "777788889999/eu-central-1  lost" in shown
        assert "the shard is missing: there is no file 777788889999/eu-central-1.db" in shown

    without = Path(shutil.copytree(folder, tmp_path / "fleet"))
    (without / "777788889999/eu-central-1.db").unlink()
    settings = Settings(ledger="fleet", is_fleet=True)
    drive(without, story, opener=Fleet.open, settings=settings, size=(120, 60))


def test_a_loss_that_a_lost_shard_makes_doubtful_is_found_and_said_to_be(tmp_path: Path) -> None:
    async def story(driver: Driver) -> None:
        assert driver.at == "2026-01-13 00:00:00Z"
        shown = driver.screen()
        assert "? books is UNKNOWN" in shown
        assert "By what is seen it is" in shown
        assert "lost?" in shown
        await driver.press("s")
        assert driver.at == "2026-01-12 23:59:59Z"
        await driver.press("right_square_bracket")
        assert driver.at == "2026-01-13 00:00:00Z"

    folder = fleet_of(tmp_path / "fleet", split(estate().payloads()))
    sealed(folder)
    (folder / f"{AWAY}.db").unlink()
    settings = Settings(ledger="fleet", is_fleet=True)
    drive(folder, story, opener=Fleet.open, settings=settings, resource="books")


def test_an_event_of_a_shard_is_crossed_out(folder: Path) -> None:
    async def story(driver: Driver) -> None:
        number = driver.view.playback.happenings[0].evidence.entry
        assert place.split(number)[0] > 0
        await driver.press("g", *place.spelled(number), "enter")
        assert driver.view.event is not None
        assert driver.view.event.evidence.entry == number
        await driver.press("x")
        await driver.settled()
        assert number in driver.view.crossed_out
        assert driver.view.playback.baseline is not None

    settings = Settings(ledger="fleet", is_fleet=True)
    drive(folder, story, opener=Fleet.open, settings=settings, resource="payroll")


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("audit", "keyledger fleet audit 'my fleet'"),
        (
            "explain orders --at 2026-01-08",
            "keyledger fleet explain 'my fleet' orders --at 2026-01-08",
        ),
        ("query tables", "keyledger fleet query 'my fleet' tables"),
        ("state --at 2026-01-08", "keyledger fleet state 'my fleet' --at 2026-01-08"),
    ],
)
def test_a_command_asks_the_fleet(command: str, asked: str) -> None:
    assert of_fleet(command, "my fleet") == asked


def test_the_command_asks_aws_in_the_same_name() -> None:
    words = words_of(Access(profile="read only", is_requester_paying=True))
    asked = of_fleet("explain payroll", "s3://logs/fleet", words)
    assert asked == (
        "keyledger fleet explain s3://logs/fleet '--profile=read only' --requester-pays payroll"
    )
