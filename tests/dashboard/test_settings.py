"""Settings: keys can be moved, help and footer say so, and every action is in the palette."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.dashboard.driver import Driver, drive
from tui import config
from tui.bookmarks import Bookmarks
from tui.config import THEMES, Config, ConfigError
from tui.dashboard.export import OFFERS, free_path, write
from tui.dashboard.keymap import everywhere
from tui.dashboard.main import Main
from tui.dashboard.modals.choice import Choice
from tui.dashboard.modals.help import Help
from tui.dashboard.view import Settings


def test_a_moved_key_does_it_and_the_old_one_does_not(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        start = driver.view.at
        await driver.press("s")
        assert driver.view.at == start
        await driver.press("f9")
        assert driver.at == "2026-03-10 16:02:10Z"
        assert "F9 last chance" in driver.screen()
        await driver.press("question_mark")
        assert "F9" in driver.screen()

    drive(payroll, story, settings=Settings(ledger="payroll.db", keymap={"save": "f9"}))


def test_keys_of_what_comes_over_the_screen_can_be_moved_too(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        await driver.press("question_mark", "escape")
        assert isinstance(driver.app.screen, Help)
        assert "F8 leaves" in driver.screen()
        await driver.press("f8", "asterisk", "apostrophe")
        assert isinstance(driver.app.screen, Choice)
        await driver.press("j", "f9")
        assert isinstance(driver.app.screen, Main)

    moved = {"help-leave": "f8", "choice-take": "f9", "row-down": "j"}
    drive(payroll, story, settings=Settings(ledger="payroll.db", keymap=moved))


def test_hints_name_the_keys_that_were_moved(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        await driver.press("apostrophe")
        assert "F8 keeps a moment" in driver.screen()
        await driver.press("escape", "f6")
        await driver.settled()
        assert "F9 asks; F11 goes to the line for SQL." in driver.screen()

    moved = {"bookmark": "f8", "drill": "f9", "next-pane": "f11"}
    drive(payroll, story, settings=Settings(ledger="payroll.db", keymap=moved))


def test_kept_moments_are_there_again_in_the_next_sitting(payroll: Path, tmp_path: Path) -> None:
    ours = Bookmarks(path=tmp_path / "state/bookmarks.json", origin="ours")
    theirs = replace(ours, origin="theirs")
    theirs.write((5, 3))

    async def first(driver: Driver) -> None:
        await driver.press("asterisk")

    async def second(driver: Driver) -> None:
        assert driver.view.bookmarks == ours.read() != ()
        await driver.press("apostrophe")
        assert driver.view.settings.clock.full(ours.read()[0]) in driver.screen()
        await driver.press("escape", "asterisk")
        assert ours.read() == ()

    drive(payroll, first, bookmarks=ours)
    drive(payroll, second, bookmarks=ours)
    assert theirs.read() == (3, 5)


def test_where_no_moment_can_be_kept_it_is_said(payroll: Path, tmp_path: Path) -> None:
    async def story(driver: Driver) -> None:
        await driver.press("asterisk")
        assert len(driver.view.bookmarks) == 1
        [told] = driver.app._notifications  # noqa: SLF001 - no public way to what was told
        assert told.message.startswith("Kept for this sitting only")

    (tmp_path / "file").touch()
    drive(payroll, story, bookmarks=Bookmarks(path=tmp_path / "file/b.json", origin="o"))


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"o": 1}', '{"o": ["x"]}', '{"o": [true]}', '{"p": [1]}']
)
def test_a_damaged_file_of_kept_moments_is_none(tmp_path: Path, content: str) -> None:
    kept = Bookmarks(path=tmp_path / "b.json", origin="o")
    kept.path.write_text(content)
    assert kept.read() == ()
    kept.write((7,))
    assert kept.read() == (7,)


def test_the_palette_offers_every_action(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        offered = {one.title for one in driver.app.get_system_commands(driver.app.screen)}
        named = {
            key.label
            for keys in everywhere().values()
            for key in keys
            if not key.action.startswith("app.")
        }
        assert named <= offered
        [go] = [
            one
            for one in driver.app.get_system_commands(driver.app.screen)
            if one.title == "last chance"
        ]
        go.callback()
        await driver.until(lambda: driver.at == "2026-03-10 16:02:10Z")

    drive(payroll, story)


def test_what_is_exported_is_what_is_shown_and_nothing_is_overwritten(
    payroll: Path, tmp_path: Path
) -> None:
    async def story(driver: Driver) -> None:
        await driver.settled()
        written = {}
        for name, offer in OFFERS.items():
            path = free_path(tmp_path, driver.view, name)
            if offer.pieces is not None:
                write(path, offer.pieces(driver.view))
                written[name] = path.read_text()
                assert free_path(tmp_path, driver.view, name) != path
                with pytest.raises(FileExistsError):
                    write(path, iter(()))
        told = keyledger("state", "--at", "2026-03-10T19:02:54Z", "--ledger", str(payroll)).out
        for rows in ("keys", "databases"):
            here, there = json.loads(written["state"])[rows], json.loads(told)[rows]
            assert sorted(map(str, here)) == sorted(map(str, there))
        assert json.loads(written["record"])["eventName"] == "DeleteKey"
        assert written["events"].count("\n") == len(driver.view.playback.happenings) + 1

    drive(payroll, story)


def test_settings_are_read_from_the_file_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.toml"
    monkeypatch.setenv(config.VARIABLE, str(path))
    assert config.load() == Config()
    path.write_text('[dashboard]\ntheme = "ansi-dark"\n[dashboard.keys]\nplay = "f8"\n')
    assert config.load() == Config(theme="ansi-dark", keys={"play": "f8"})
    path.write_text("\n".join(config.spelled(Config(theme="nord", keys={"play": "f8"}))))
    read = config.load()
    assert read.theme == "nord"
    assert read.keys["play"] == "f8"
    assert read.keys["save"] == "s"


@pytest.mark.parametrize(
    ("written", "trouble"),
    [
        ("dashboard = 3", "[dashboard] is no table"),
        ("[dashbord]", "nothing is named 'dashbord'"),
        ("[dashboard]\ncolour = 1", "nothing is named 'colour'"),
        ('[dashboard]\ntheme = "plaid"', "no theme is named 'plaid'"),
        ("[dashboard]\nkeys = 1", "[dashboard.keys] is no table"),
        ('[dashboard.keys]\nfly = "f"', "no binding is named 'fly'"),
        ("[dashboard.keys]\nplay = 1", "the keys of 'play' are no text"),
        ('[dashboard.keys]\nplay = "x"', "'x' would do both"),
        ('[dashboard.keys]\nhelp-leave = "down"', "'down' would do both"),
        ("[dashboard", "Expected"),
    ],
)
def test_a_setting_that_means_nothing_is_named(
    written: str, trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keyledger.toml"
    monkeypatch.setenv(config.VARIABLE, str(path))
    path.write_text(written)
    with pytest.raises(ConfigError) as caught:
        config.load()
    assert any(trouble in one for one in caught.value.troubles)


def test_every_theme_that_can_be_named_is_there(payroll: Path) -> None:
    async def story(driver: Driver) -> None:
        assert set(THEMES) <= set(driver.app.available_themes)

    drive(payroll, story)
