"""Shots: what the screens look like at every size, in colour and without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.dashboard.shots import shot
from tests.golden import Golden
from tests.pictures import LANES, REPLAY, SIZE

HERE = Path(__file__).parent / "shots"

SHOTS = {
    "replay-80x24": ((80, 24), "keyledger-dark", ("s",)),
    "replay-200x60": ((200, 60), "keyledger-light", ()),
    "what-if-120x40": (SIZE, "keyledger-dark", ("left_square_bracket", "left_square_bracket", "x")),
    "too-small-79x23": ((79, 23), "keyledger-dark", ()),
}


@pytest.mark.parametrize("name", SHOTS)
def test_a_screen_looks_as_it_did(name: str, payroll: Path, golden: Golden) -> None:
    size, theme, keys = SHOTS[name]
    golden.same(HERE / f"{name}.svg", shot(payroll, *keys, size=size, theme=theme))


def test_without_colour_the_symbols_tell(
    payroll: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = shot(payroll, size=SIZE)
    golden.same(HERE / "no-color-120x40.svg", shown)
    drawn = shown[shown.index("-matrix") :]
    assert {"✖", "●", "▲", "◆"} <= set(drawn)
    colours = re.findall(r"-r\d+ \{ fill: #(..)(..)(..)", shown)
    spreads = [max(channels) - min(channels) for channels in
               ([int(one, 16) for one in colour] for colour in colours)]  # fmt: skip
    assert spreads
    assert max(spreads) <= 3  # what has no colour at all is the picture's own grey


def test_the_pictures_of_the_readme_are_what_the_screens_show_today(
    payroll: Path, every_story: Path, golden: Golden
) -> None:
    golden.same(REPLAY, shot(payroll, size=SIZE))
    golden.same(LANES, shot(every_story, "f3", size=SIZE))


@pytest.mark.parametrize("path", [REPLAY, LANES], ids=lambda path: path.stem)
def test_a_picture_loads_nothing_from_elsewhere(path: Path) -> None:
    assert not re.search(r"(?:href|src|url)\W+https?:", path.read_text())
