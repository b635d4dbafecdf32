"""The narrow bars above and below: what is open, when it is, how all is doing, which keys help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.dashboard.keys import KEYS, Key, cap
from tui.dashboard.line import Line, Piece, fitted, line, said
from tui.dashboard.line import width as width_of
from tui.dashboard.painted import as_text
from tui.dashboard.telling import person
from tui.dashboard.tones import OF_VERDICT, verdict_symbol
from tui.dashboard.view import DashboardView
from tui.words import OUTCOMES, VERDICTS, duration, numbered


class Bar(Widget):
    """One line that shows a part of the view."""

    view: reactive[DashboardView | None] = reactive(None)

    def content(self, view: DashboardView, columns: int) -> Line:
        """Return the line."""
        raise NotImplementedError

    def render(self) -> Text:
        """Return the line, cut to the width."""
        if self.view is None:
            return Text()
        columns = self.content_size.width
        return as_text(self.app, fitted(self.content(self.view, columns), columns))


class Header(Bar):
    """What is open, the moment, the place in the ledger, and what is switched on."""

    def content(self, view: DashboardView, columns: int) -> Line:
        """Return the moment beside what belongs to it; what is switched on at the right."""
        right = line(*_switches(view), " ")
        for name, place in ((view.settings.ledger, _place(view)), (_short(view), _place(view)),
                            (_short(view), ())):  # fmt: skip
            left = line(
                Piece(" keyledger ", "accent strong"), said(name, "faint"),
                Piece("  "), Piece(view.clock.full(view.at), "strong"),
                Piece("" if view.clock.is_utc else f" {view.clock.name}", "faint"), *place,
                *_motion(view),
            )  # fmt: skip
            gap = columns - width_of(left) - width_of(right)
            if gap > 0:
                return line(*left, " " * gap, *right)
        return line(*fitted(left, columns))


def _short(view: DashboardView) -> str:
    """Return the name of the ledger's file."""
    return view.settings.ledger.rpartition("/")[2]


def _place(view: DashboardView) -> Line:
    if view.event is None:
        return line(Piece(f"  of {view.playback.size} entries", "faint"))
    beyond = "  forecast" if view.at > view.playback.end else ""
    entry = f"  {numbered(view.event.evidence.entry)} of {view.playback.size}"
    return line(Piece(entry.replace(",", " "), "faint"), Piece(beyond, "warn"))


def _motion(view: DashboardView) -> Line:
    if not view.is_playing and view.speed == 1:
        return ()
    symbol = "▶" if view.is_playing else "‖"
    return line(Piece(f"  {symbol} x{view.speed}", "accent strong"))


def _switches(view: DashboardView) -> Line:
    parts: list[Piece] = []
    for name, percent in view.busy.items():
        parts.append(Piece(f"{name} {percent} %" if percent else f"{name} …", "accent"))
    if view.follows:
        parts.append(Piece("following", "accent"))
    if view.position.filter:
        parts.append(said(f"filter: {view.position.filter}", "warn"))
    if view.position.window is not None:
        start, end = view.position.window
        parts.append(Piece(f"{duration((end - start) / 1e6)} wide", "warn"))
    if view.position.mark is not None:
        parts.append(Piece(f"mark {view.clock.minute(view.position.mark)}", "info"))
    if view.playback.gaps:
        parts.append(Piece(f"gaps {len(view.playback.gaps)}", "warn"))
    if view.audit is not None:
        outcome = view.audit["outcome"]
        word = OUTCOMES[outcome]
        tone = {"intact": "good", "broken": "bad strong"}.get(outcome, "warn")
        parts.append(Piece(f"{word.symbol} ledger {word.text}", tone))
    return line(*(piece for part in parts for piece in (part, Piece("  "))))[:-1]


class Banner(Bar):
    """What is crossed out; it is there on every screen as long as anything is."""

    def content(self, view: DashboardView, columns: int) -> Line:
        """Return what is crossed out and which verdicts are otherwise because of it."""
        del columns
        removed = [one for one in view.playback.happenings if one.removed]
        crossed = [one for one in removed if one.removed == "crossed out"]
        named = ", ".join(
            f"{numbered(one.evidence.entry)} {one.evidence.event_name} "
            f"by {person(one.evidence.document())}"
            for one in crossed[:2]
        )
        more = f" and {len(crossed) - 2} more" if len(crossed) > 2 else ""  # noqa: PLR2004 - as above
        follow = len(removed) - len(crossed)
        changed: list[Piece] = []
        for track, really, instead in view.changed_verdicts[:2]:
            changed += [
                Piece("  "), said(track.name, "strong"), Piece(" "), verdict_symbol(really),
                Piece(" → "), verdict_symbol(instead),
            ]  # fmt: skip
        return line(
            Piece(" WHAT-IF ", "act strong"), Piece("without "), said(named + more, "strong"),
            Piece(f"; {follow} that follow from it" if follow else "", "faint"), *changed,
            Piece(f"   {cap(view.settings.keymap, 'reset')} takes it back", "faint"),
        )  # fmt: skip


SHORTER: Final[Mapping[str, str]] = {"recoverable-with-action": "needs action"}
"""Verdicts in fewer words, where all of them stand in one line."""


class Summary(Bar):
    """How many databases are doing how at the playhead."""

    def content(self, view: DashboardView, columns: int) -> Line:
        """Return the count for every verdict that occurs, the best first."""
        del columns
        counts, parts = view.verdicts, [Piece(" ")]
        for verdict, word in VERDICTS.items():
            count = counts.get(verdict, 0)
            if count:
                tone = OF_VERDICT[verdict]
                parts += [
                    Piece(f"{word.symbol} {count} ", f"{tone} strong" if tone != "faint" else tone)
                ]
                left = view.time_left(verdict)
                parts += [Piece(SHORTER.get(verdict, word.text), tone)]
                if left is not None:
                    parts += [Piece(f" ({duration(left / 1e6)} left)", tone)]
                parts += [Piece("   ")]
        if len(parts) == 1:
            parts.append(Piece("no database at this moment", "faint"))
        return tuple(parts)


class KeyBar(Bar):
    """The keys that help most; a click does what the key does."""

    class Pressed(Message):
        """A key was clicked."""

        def __init__(self, key: Key) -> None:
            super().__init__()
            self.key = key

    GAP: ClassVar[int] = 2

    def content(self, view: DashboardView, columns: int) -> Line:
        """Return as many keys as there is room for, the one that shows all of them first."""
        parts: list[Piece] = []
        for key, start in _placed(view):
            printed, label = cap(view.settings.keymap, key.id), f" {key.label}"
            if start + len(printed) + len(label) > columns:
                break
            gap = Piece(" " * (start - width_of(tuple(parts))))
            parts += [gap, Piece(printed, "accent strong"), Piece(label, "faint")]
        return tuple(parts)

    def on_click(self, event: events.Click) -> None:
        """Say which key was clicked."""
        for key, start in reversed(_placed(self.view) if self.view is not None else []):
            if event.x >= start:
                self.post_message(self.Pressed(key))
                return


def _placed(view: DashboardView) -> list[tuple[Key, int]]:
    """Return the keys of the footer, and the column at which each begins."""
    placed, column = [], 1
    for key in sorted(
        (key for keys in KEYS.values() for key in keys if key.footer),
        key=lambda one: one.id != "help",
    ):
        placed.append((key, column))
        column += len(cap(view.settings.keymap, key.id)) + 1 + len(key.label) + KeyBar.GAP
    return placed
