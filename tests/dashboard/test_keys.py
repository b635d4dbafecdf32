"""Keys: every binding does what its line in the help says, one after the other on one dashboard."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import ContentSwitcher, Input

from tests.dashboard.driver import Driver, drive
from tui.dashboard.keymap import bindings, scopes
from tui.dashboard.modals.choice import Choice
from tui.dashboard.modals.help import Help
from tui.dashboard.modals.prompt import Prompt
from tui.dashboard.modals.what_if import WhatIf
from tui.dashboard.panels import PANELS
from tui.dashboard.panels.events import Events
from tui.dashboard.screens import SCREENS

LOSS = "2026-03-10 19:02:54Z"
TURNS = (
    "2026-03-03 16:02:11Z", "2026-03-03 18:09:20Z", "2026-03-10 19:02:54Z",
)  # fmt: skip
"""At which the verdict on payroll changes."""


async def _events(driver: Driver) -> None:
    here = driver.view.position.event
    await driver.press("full_stop")
    assert driver.view.position.event == here + 1
    await driver.press("comma")
    assert driver.view.position.event == here
    await driver.press("right", "right", "left")
    assert driver.view.position.event == here + 1
    await driver.press("left")


async def _turns(driver: Driver) -> None:
    await driver.press("left_square_bracket")
    assert driver.at == TURNS[1]
    await driver.press("left_square_bracket")
    assert driver.at == TURNS[0]
    assert driver.view.member("verdict") == "at-risk"
    await driver.press("right_square_bracket", "right_square_bracket")
    assert driver.at == TURNS[2]


async def _changes(driver: Driver) -> None:
    await driver.press("less_than_sign")
    assert driver.at == "2026-03-10 18:09:20Z"
    assert driver.view.member("status") == "inaccessible-encryption-credentials"
    await driver.press("greater_than_sign")
    assert driver.at == LOSS


async def _time(driver: Driver) -> None:
    start = driver.view.at
    for on, back, seconds in (("M", "m", 60), ("O", "o", 3600), ("D", "d", 86400)):
        await driver.press(back)
        assert start - driver.view.at == seconds * 1_000_000
        await driver.press(on)
        assert driver.view.at == start
    playback = driver.view.playback
    for digit in range(10):
        await driver.press(str(digit))
        share = (driver.view.at - playback.start) / (playback.end - playback.start)
        assert abs(share - digit / 10) < 0.001
    await driver.press("home")
    assert driver.view.at == playback.start
    assert driver.view.position.event == 0
    await driver.press("end")
    assert driver.view.at == playback.end
    await driver.press("left_square_bracket")
    assert driver.at == LOSS


async def _seek(driver: Driver) -> None:
    for typed, at in (
        ("2026-03-04T08:00:00Z", "2026-03-04 08:00:00Z"),
        ("+1d", "2026-03-05 08:00:00Z"),
        ("-2h", "2026-03-05 06:00:00Z"),
        ("#79", "2026-03-03 16:02:11Z"),
        ("end", "2026-03-11 08:38:28Z"),
    ):
        await driver.press("g")
        assert isinstance(driver.app.screen, Prompt)
        driver.app.screen.query_one(Input).value = typed
        await driver.press("enter")
        assert driver.at == at, typed
    assert driver.view.event is not None
    event_id = driver.view.playback.happenings[10].evidence.event_id
    await driver.press("g")
    driver.app.screen.query_one(Input).value = event_id[:8]
    await driver.press("enter")
    assert driver.view.position.event == 10
    await driver.press("g")
    driver.app.screen.query_one(Input).value = "sometime"
    await driver.press("enter")
    assert driver.view.position.event == 10
    await driver.press("g", "escape")
    await driver.press("end", "left_square_bracket")


async def _filter(driver: Driver) -> None:
    await driver.press("slash")
    assert isinstance(driver.app.screen, Prompt)
    await driver.press(*"maria", "enter")
    assert driver.view.matches is not None
    assert len(driver.view.matches) == 6
    await driver.press("home")
    seen = []
    for _ in range(6):
        await driver.press("n")
        seen.append(driver.view.position.event)
    assert tuple(seen) == driver.view.matches
    await driver.press("N")
    assert driver.view.position.event == driver.view.matches[-2]
    assert "filter: maria" in driver.screen()
    await driver.press("escape")
    assert driver.view.matches is None
    await driver.press("end", "left_square_bracket")


async def _sight(driver: Driver) -> None:
    await driver.press("c")
    start, end = driver.view.position.window or (0, 0)
    assert end - start == 30 * 60 * 1_000_000
    await driver.press("c")
    assert driver.view.position.window is None
    await driver.press("z")
    assert driver.view.position.window is not None
    await driver.press("Z")
    assert driver.view.position.window is None
    await driver.press("equals_sign")
    assert driver.view.position.mark == driver.view.at
    await driver.press("left_square_bracket", "h")
    assert "From 2026-03-03 18:09:20Z" in driver.screen()
    await driver.press("escape", "right_square_bracket")
    assert driver.view.position.mark is None


async def _bookmarks(driver: Driver) -> None:
    await driver.press("asterisk", "left_square_bracket")
    assert driver.view.bookmarks == (driver.view.playback.marks[-1].at,)
    await driver.press("apostrophe")
    assert isinstance(driver.app.screen, Choice)
    await driver.press("enter")
    assert driver.at == LOSS
    await driver.press("asterisk")
    assert not driver.view.bookmarks


async def _panels(driver: Driver) -> None:
    for panel in PANELS:
        await driver.press(panel.KEY)
        assert isinstance(driver.app.focused, panel), panel.TITLE
    await driver.press("v", "tab")
    assert not isinstance(driver.app.focused, PANELS[1])
    await driver.press("shift+tab")
    assert isinstance(driver.app.focused, PANELS[1])


async def _screens(driver: Driver) -> None:
    names = list(bindings()["Screens"])
    for key in names:
        await driver.press(key.keys)
        current = driver.app.screen.query_one("#sheets", ContentSwitcher).current
        assert f"'{current}'" in key.action
        await driver.settled()
    assert len(names) == len(SCREENS)
    await driver.press("f2")


async def _writer(driver: Driver) -> None:
    await driver.press("i", "down", "b")
    assert driver.at == "2026-03-10 18:09:20Z"
    await driver.press("backspace")
    assert driver.at == LOSS


async def _play(driver: Driver) -> None:
    await driver.press("home", "plus", "plus", "plus", "plus", "plus", "plus")
    assert driver.view.speed == 64
    await driver.press("space")
    await driver.until(lambda: driver.view.position.event > 5)
    await driver.press("space")
    here = driver.view.position.event
    assert not driver.view.is_playing
    await driver.pilot.pause(0.1)
    assert driver.view.position.event == here
    await driver.press("minus", "minus", "minus", "minus", "minus", "minus", "minus")
    assert driver.view.speed == 1
    await driver.press("end", "space")
    await driver.until(lambda: not driver.view.is_playing)
    await driver.press("left_square_bracket")


async def _what_if(driver: Driver) -> None:
    await driver.press("g")
    driver.app.screen.query_one(Input).value = "#79"
    await driver.press("enter", "x")
    await driver.until(lambda: driver.view.playback.baseline is not None)
    await driver.press("end")
    shown = driver.screen()
    assert "WHAT-IF" in shown
    assert "payroll  ✖ unrecoverable → ● healthy" in shown
    await driver.press("W")
    assert isinstance(driver.app.screen, WhatIf)
    assert "could only follow from it" in driver.screen()
    await driver.press("escape", "X")
    await driver.until(lambda: driver.view.playback.baseline is None)
    assert "WHAT-IF" not in driver.screen()
    await driver.press("left_square_bracket")
    assert driver.at == LOSS


async def _copies(driver: Driver) -> None:
    await driver.press("v", "y")
    assert "DeleteKey" in driver.app.clipboard
    await driver.press("Y")
    assert driver.app.clipboard == (
        "keyledger explain payroll --at 2026-03-10T19:02:54Z --ledger payroll.db"
    )


async def _lists(driver: Driver) -> None:
    events = driver.app.main.query_one(Events)
    await driver.press("v")
    cursor = events.cursor
    await driver.press("up")
    assert events.cursor == cursor - 1
    await driver.press("down", "pageup")
    assert events.cursor == cursor - events.lines_high + 1
    await driver.press("pagedown")
    assert events.cursor == cursor
    await driver.press("end", "left_square_bracket")


async def _rest(driver: Driver) -> None:
    await driver.press("T")
    assert not driver.view.clock.is_utc
    await driver.press("T")
    await driver.press("f")
    assert driver.view.follows
    await driver.press("f")
    await driver.press("question_mark")
    assert isinstance(driver.app.screen, Help)
    await driver.press("escape")
    await driver.press("s")
    assert driver.at == "2026-03-10 16:02:10Z"
    await driver.press("backspace")
    await driver.press("v", "enter")
    assert driver.view.track is not None
    assert driver.view.track.name == "payroll"
    await driver.press("e")
    assert isinstance(driver.app.screen, Choice)
    await driver.press("escape", "colon")
    assert driver.app.screen.name is None
    await driver.press("escape")


def test_every_binding_does_what_its_line_in_the_help_says(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        for part in (
            _events, _turns, _changes, _time, _seek, _filter, _sight, _bookmarks, _panels,
            _screens, _writer, _play, _what_if, _copies, _lists, _rest,
        ):  # fmt: skip
            await part(driver)
            await driver.settled()
        await driver.press("q")

    pressed = drive(payroll, story)
    usual = {one for keys in bindings().values() for key in keys for one in key.keys.split(",")}
    assert usual - pressed == {"ctrl+p"}  # the colon does the same


def test_no_key_does_two_things() -> None:
    for scope in scopes():
        usual = [one for key in scope for one in key.keys.split(",")]
        assert len(usual) == len(set(usual))


def test_every_binding_has_a_name_of_its_own_and_a_sentence() -> None:
    every = [key for keys in bindings().values() for key in keys]
    assert len({key.id for key in every}) == len(every)
    assert all(key.tooltip.endswith(".") for key in every)
