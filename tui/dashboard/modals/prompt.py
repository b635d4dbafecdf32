"""Prompt: one line to be typed: where to go, or which events to show."""

from __future__ import annotations

from typing import ClassVar, Self

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from analyzer.case import FORMS, Playback
from tui.dashboard.bound import bound
from tui.dashboard.keys import PROMPT
from tui.dashboard.view import DashboardView


class Prompt(ModalScreen[str | None]):
    """Asks for a line; Escape leaves without an answer."""

    BINDINGS: ClassVar[list[BindingType]] = bound(PROMPT)

    def __init__(self, title: str, hint: str, *, value: str = "", example: str = "") -> None:
        """Take what stands above and below the line, what is in it, or else could be."""
        super().__init__()
        self._title = title
        self._hint = hint
        self._value = value
        self._example = example
        self._playback: Playback | None = None

    @classmethod
    def seek(cls) -> Self:
        """Ask for a moment."""
        return cls("Go to", "\n".join(f"  {form}" for form in FORMS), example="when, or where?")

    @classmethod
    def filter(cls, view: DashboardView) -> Self:
        """Ask for words, and count what they match while they are typed."""
        made = cls(
            "Show only events with",
            "words that all occur; -word leaves out",
            value=view.position.filter,
            example="ScheduleKeyDeletion -backup",
        )
        made._playback = view.playback
        return made

    def compose(self) -> ComposeResult:
        """Put the line between its title and the hint."""
        with Vertical(classes="modal") as box:
            box.border_title = self._title
            yield Input(value=self._value, placeholder=self._example, select_on_focus=False)
            yield Static(self._hint, classes="hint", markup=False)

    def on_input_changed(self, message: Input.Changed) -> None:
        """Tell how many events would be shown."""
        if self._playback is None:
            return
        found = self._playback.matching(message.value)
        count = len(self._playback.happenings)
        told = f"{count} events" if found is None else f"{len(found)} of {count} events"
        self.query_one(".hint", Static).update(f"{told}   {self._hint}")

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Answer with what was typed."""
        self.dismiss(message.value)
