"""Every copy of the selected database's data at the playhead, and whether it can be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from analyzer.case import Document
from tui import people
from tui.dashboard.line import BLANK, Line, Piece, all_wrapped, line, said
from tui.dashboard.panel import Page
from tui.dashboard.tones import OF_CONDITION
from tui.dashboard.view import DashboardView
from tui.words import CONDITIONS, numbered


class Copies(Page):
    """Every copy of the data: the live volume, backups, snapshots, replicas; each with its key."""

    TITLE: ClassVar[str] = "Copies"
    KEY: ClassVar[str] = "p"

    def lines(self, view: DashboardView, columns: int) -> Sequence[Line]:
        """Return the copies, the live volume first."""
        return all_wrapped(_told(view), columns, 4)


def _told(view: DashboardView) -> Iterator[Line]:
    track = view.track
    if track is None or track.is_key:
        yield line(Piece("Select a database to see the copies of its data.", "faint"))
        return
    copies = track.copies_at(view.at)
    if not copies:
        yield line(Piece("It has no copies at this moment.", "faint"))
    for number, copy in enumerate(copies):
        if number:
            yield BLANK
        yield from _copy(view, copy, track.key)


def _copy(view: DashboardView, copy: Document, own_key: str | None) -> Iterator[Line]:
    word, tone = CONDITIONS[copy["condition"]], OF_CONDITION[copy["condition"]]
    is_named = copy["kind"] not in {"volume", "automated-backup"}
    name = said(f"  {people.name(copy['id'])}", "strong") if is_named else None
    yield line(Piece(f"{word.symbol} {word.text}", tone), Piece(f"  {copy['kind']}"), name)
    since = (
        f"  since {view.clock.spelled(copy['since'])}"
        if copy["since"]
        else "  since before the ledger"
    )
    yield line(Piece(since, "faint"), Piece(f", {copy['basis']}", "faint"))
    is_live = copy["kind"] == "volume" and copy["condition"] in {"usable", "latent"}
    if copy["restorable_to"]:
        yield line(Piece("  holds data up to "), Piece(view.clock.spelled(copy["restorable_to"])))
    elif is_live:
        yield line(Piece("  holds the present"))
    if copy["expires"]:
        yield line(Piece(f"  expires {view.clock.spelled(copy['expires'])}", "warn"))
    if copy["key"] != own_key:
        yield line(Piece("  under key "), said(people.name(copy["key"]) if copy["key"] else None))
    if copy["cause"] is not None and copy["condition"] in {"gone", "dead", "latent"}:
        cause = copy["cause"]
        by = f"  {cause['event_name']} by {people.actor(cause)}  {numbered(cause['entry'])}"
        yield line(said(by, "faint"))
