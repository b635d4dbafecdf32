"""The dashboard's app: holds the one view, answers what workers found out, and passes views on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from rich.style import Style
from textual.app import SystemCommand
from textual.screen import Screen

from analyzer.case import Playback
from analyzer.errors import AnalyzerError
from tui.dashboard import position as moves
from tui.dashboard.keymap import everywhere
from tui.dashboard.main import Main
from tui.dashboard.messages import (
    Answered,
    Audited,
    Busy,
    Ended,
    Explained,
    ExtentRead,
    Failed,
    FindingsMade,
    Grown,
    HoldingsRead,
    PlaybackReady,
    QuestionsRead,
    SealedRead,
    UsageCounted,
)
from tui.dashboard.palette import THEMES, styles
from tui.dashboard.standing import Standing
from tui.dashboard.tones import TONES
from tui.dashboard.view import DashboardView
from tui.dashboard.workers import USAGE, Opening
from tui.trouble import sentence

FOLLOWING: Final = 1.0
"""Seconds between two looks at a ledger that somebody else may be writing."""

RECOUNT: Final = 5.0
"""Seconds for which a ledger may go on growing before its usage is counted again."""

AT_ONCE: Final = 20_000
"""Entries up to which a ledger is audited as soon as it is opened; that takes a moment."""


class Dashboard(Standing):
    """Scrub through a history: one frozen view, passed to panels that only read it."""

    CSS_PATH: ClassVar[str] = "app.tcss"
    TITLE = "keyledger"

    fatal: Exception | None = None
    """Why there was nothing to show; the command line tells it."""

    def __init__(self, opening: Opening, now: Callable[[], int]) -> None:
        """Prepare to open a ledger; *now* tells the present in microseconds since the epoch."""
        super().__init__(opening, now)
        self.tones: Mapping[str, Style] = dict.fromkeys(("", *TONES), Style())
        self._seen: int | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = opening.theme

    def get_default_screen(self) -> Main:
        """Return the one screen; modals come over it."""
        return Main()

    @property
    def main(self) -> Main:
        """The screen that is always there."""
        screen = self.screen_stack[0]
        assert isinstance(screen, Main)  # noqa: S101 - it is the one above
        return screen

    @property
    def is_up(self) -> bool:
        """Whether the screen is still there; a worker may answer when the app has closed it."""
        return bool(self.screen_stack)

    def on_mount(self) -> None:
        """Take the keymap and the colours, and begin to read."""
        self.theme_changed_signal.subscribe(self, lambda _theme: self._mix_tones())
        self._mix_tones()
        self.set_keymap(dict(self.opening.settings.keymap))
        self.set_interval(FOLLOWING, self._follow)
        self.lay_out()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer every action of the dashboard, then what Textual offers."""
        for keys in everywhere().values():
            for key in keys:
                if not key.action.startswith("app."):
                    yield SystemCommand(key.label, key.tooltip, self._doing(key.action))
        yield from super().get_system_commands(screen)

    def _doing(self, action: str) -> Callable[[], None]:
        async def do() -> None:
            await self.main.run_action(action)

        def later() -> None:
            self.call_later(do)

        return later

    def _mix_tones(self) -> None:
        self.tones = styles(self.theme_variables, is_ansi=self.native_ansi_color)
        for widget in self.main.query("*"):
            widget.refresh()

    def _follow(self) -> None:
        if self.view is not None and self.view.follows:
            self.look_for_more()

    # What is shown

    def watch_view(self, view: DashboardView | None) -> None:
        """Pass the view on to the screen."""
        if view is not None and self.is_up:
            self.main.view = view

    # Answers to what workers found out

    def on_playback_ready(self, message: PlaybackReady) -> None:
        """Show another history, standing where one stood."""
        playback, view = message.playback, self.view
        if view is None:
            self._open(playback)
        elif playback.crossed_out == view.crossed_out:
            self._exchange(view, playback)
        elif playback.baseline is None:  # the ledger grew while something is supposed
            self.suppose(playback, view.crossed_out)

    def _exchange(self, view: DashboardView, playback: Playback) -> None:
        """Stand in another history where one stood."""
        position = view.position
        if view.follows and view.at >= view.playback.end:
            position = replace(position, at=playback.end)
        self.show(
            playback=playback,
            position=replace(position, event=moves.event_at(playback, position.at)),
            matches=playback.matching(position.filter),
            explained=None,
            findings=None if playback.size != view.playback.size else view.findings,
        )
        self.look_closer()
        self._count_again()
        if self.is_up:
            self.main.gather()

    def _open(self, playback: Playback) -> None:
        """Show a history for the first time, at the moment that matters most."""
        opening = self.opening
        try:
            position = moves.asked(playback, opening.at, opening.resource, self.now())
        except AnalyzerError as error:
            self.post_message(Failed(error, is_fatal=True))
            return
        self.view = DashboardView(
            playback=playback,
            position=position,
            settings=opening.settings,
            bookmarks=opening.bookmarks.read() if opening.bookmarks is not None else (),
        )
        self.look_closer()
        self.call_after_refresh(self._look_aside)

    def _look_aside(self) -> None:
        """Find out what can wait until there is something to look at."""
        self.count_usage()
        if self.view is not None and self.view.playback.size <= AT_ONCE:
            self.audit()

    def on_extent_read(self, message: ExtentRead) -> None:
        """Show what is known before anything is read."""
        if self.is_up:
            self.main.extent = message.extent

    def on_grown(self, message: Grown) -> None:
        """Lay the history out anew where the ledger has grown."""
        view, seen = self.view, self._seen
        self._seen = message.size
        if view is not None and message.size not in {view.playback.size, seen}:
            self.lay_out()

    def on_explained(self, message: Explained) -> None:
        """Show the whole answer, if one still stands there."""
        view = self.view
        if view is None or view.playback is not message.playback:
            return
        if (view.position.selected, view.at) == (message.track, message.at):
            self.show(explained=message.document)

    def on_sealed_read(self, message: SealedRead) -> None:
        """Show the entry, if the cursor still is on it."""
        event = None if self.view is None else self.view.event
        if event is not None and event.evidence.entry == message.document["entry"]:
            self.show(sealed=message.document)

    def on_usage_counted(self, message: UsageCounted) -> None:
        """Show it in the strip; count again where the ledger has grown since."""
        self.show(usage=message.usage)
        self._count_again()

    def _count_again(self) -> None:
        view = self.view
        if view is None or view.usage is None or self.is_busy_with(USAGE):
            return
        if view.usage.size < view.playback.size:
            self.count_usage(patience=RECOUNT)

    def on_findings_made(self, message: FindingsMade) -> None:
        """Show what deserves attention."""
        self.show(findings=message.document)

    def on_holdings_read(self, message: HoldingsRead) -> None:
        """Show where the ledger comes from."""
        self.show(holdings=message.document)

    def on_questions_read(self, message: QuestionsRead) -> None:
        """Show the catalogue."""
        self.show(questions=message.questions)

    def on_answered(self, message: Answered) -> None:
        """Show the rows."""
        self.show(result=message.result)

    def on_busy(self, message: Busy) -> None:
        """Show how far it is, if it is still waited for."""
        errand, percent = message.errand, message.percent
        if not self.is_current(errand):
            return
        if self.view is not None:
            self.show(busy={**self.view.busy, errand.name: percent})
        elif self.is_up:
            self.main.percent = percent

    def on_ended(self, message: Ended) -> None:
        """Tell of it no longer."""
        view, name = self.view, message.name
        if view is not None and name in view.busy and not self.is_busy_with(name):
            self.show(busy={one: done for one, done in view.busy.items() if one != name})

    def on_audited(self, message: Audited) -> None:
        """Show what the audit found."""
        self.show(audit=message.report)

    def on_failed(self, message: Failed) -> None:
        """Tell of it; leave if there is nothing to show."""
        if message.is_fatal:
            self.fatal = message.error
            self.exit()
            return
        told = sentence(message.error)
        if self.view is not None:
            self.show(crossed_out=self.view.playback.crossed_out)
        self.notify(" ".join([told.text, *told.ways_out]), severity="error", markup=False)
