"""Palette: our two themes, and what each tone is in whichever theme is set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from tui.dashboard.tones import TONES

DARK: Final = Theme(
    name="keyledger-dark",
    primary="#5aa7e0",
    secondary="#7d93a8",
    accent="#f2c14e",
    foreground="#d6dde6",
    background="#10151b",
    surface="#151c24",
    panel="#1c2530",
    success="#7cc48a",
    warning="#f0ae4b",
    error="#f0696f",
    dark=True,
    variables={
        "info": "#5cc7cf", "act": "#cf9bf0", "muted": "#75859a",
        "border": "#2c3947", "border-blurred": "#2c3947",
        "cursor": "#22364a", "cursor-quiet": "#1d2833",
    },
)  # fmt: skip

LIGHT: Final = Theme(
    name="keyledger-light",
    primary="#1b6ca8",
    secondary="#5d6f80",
    accent="#9a6700",
    foreground="#1f2730",
    background="#f6f6f2",
    surface="#ffffff",
    panel="#e9e9e3",
    success="#1e7a34",
    warning="#a05a00",
    error="#bf1f2c",
    dark=False,
    variables={
        "info": "#00727a", "act": "#7a35a8", "muted": "#707b86",
        "border": "#c9cdd1", "border-blurred": "#c9cdd1",
        "cursor": "#d5e6f5", "cursor-quiet": "#e8eef3",
    },
)  # fmt: skip

THEMES: Final = (DARK, LIGHT)

_COLOURS: Final[Mapping[str, tuple[str, str]]] = {
    "good": ("success", "ansi_green"),
    "warn": ("warning", "ansi_yellow"),
    "bad": ("error", "ansi_red"),
    "info": ("info", "ansi_cyan"),
    "act": ("act", "ansi_magenta"),
    "accent": ("primary", "ansi_blue"),
}
"""For each coloured tone the theme's variable, and the colour in a theme that has none."""


def styles(variables: Mapping[str, str], *, is_ansi: bool) -> dict[str, Style]:
    """Return rich's style for each tone.

    Args:
        variables: of the theme that is set.
        is_ansi: whether the terminal's own colours are used.
    """
    made = {"": Style(), "struck": Style(strike=True, dim=True), "strong": Style(bold=True)}
    made["faint"] = _faint(variables, is_ansi=is_ansi)
    for tone, (variable, fallback) in _COLOURS.items():
        colour = fallback if is_ansi else variables.get(variable, fallback)
        made[tone] = Style(color=Color.parse(colour).rich_color)
        made[f"{tone} strong"] = made[tone] + Style(bold=True)
    return {tone: made[tone] for tone in ("", *TONES)}


def _faint(variables: Mapping[str, str], *, is_ansi: bool) -> Style:
    if is_ansi:
        return Style(dim=True)
    muted = variables.get("muted")
    if muted is None:
        there, behind = Color.parse(variables["foreground"]), Color.parse(variables["background"])
        return Style(color=there.blend(behind, 0.45).rich_color)
    return Style(color=Color.parse(muted).rich_color)
