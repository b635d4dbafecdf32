"""Workers: what takes time is found out in threads, and comes back as one message each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from textual.reactive import reactive

from analyzer.case import Case, Inquiry, Playback
from tui.bookmarks import Bookmarks
from tui.dashboard.clock import typed
from tui.dashboard.errand import Errand
from tui.dashboard.errands import Errands
from tui.dashboard.messages import (
    Answered,
    Audited,
    Explained,
    ExtentRead,
    FindingsMade,
    Grown,
    HoldingsRead,
    PlaybackReady,
    QuestionsRead,
    SealedRead,
    UsageCounted,
)
from tui.dashboard.palette import DARK
from tui.dashboard.view import DashboardView, Result, Settings

AUDIT: Final = "audit"
QUERY: Final = "query"
USAGE: Final = "usage"
WHAT_IF: Final = "what if"
"""Names of errands that take their time; the person is told how far they are."""

PATIENCE: Final = 0.12
"""Seconds to wait before something slow is asked: while one scrubs, the next move is near."""


QUERY_SECONDS: Final = 60.0
"""Seconds that a query is given."""

MOST_ROWS: Final = 10_000
"""Rows of an answer that are kept to be looked through; the rest is for the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What to open, and where.

    Attributes:
        ledger: path of the ledger.
        settings: what stays the same while one scrubs.
        at: the moment, as typed; None for the decisive one.
        known_at: how much of the ledger counts, as typed; None for all of it.
        resource: the key or database to select, as typed; None for the one that matters most.
        opener: opens what lies there: a ledger, or the folder of a fleet.
        theme: name of the theme.
        bookmarks: where the moments lie that the person keeps; None for nowhere.
    """

    ledger: Path
    settings: Settings
    at: str | None = None
    known_at: str | None = None
    resource: str | None = None
    opener: Callable[[Path], Inquiry] = Case.open
    theme: str = DARK.name
    bookmarks: Bookmarks | None = None


class Workers(Errands):
    """What the dashboard finds out; it shows nothing itself."""

    view: reactive[DashboardView | None] = reactive(None, repaint=False)

    def __init__(self, opening: Opening, now: Callable[[], int]) -> None:
        """Prepare to open a ledger; *now* tells the present in microseconds since the epoch."""
        super().__init__(lambda: opening.opener(opening.ledger))
        self.opening = opening
        self.now = now
        self._auditing = self.another_reading()
        self._asking = self.another_reading()

    def lay_out(self) -> None:
        """Lay the history out, anew where it is already shown."""
        known_at, now, is_first = self.opening.known_at, self.now(), self.view is None

        def laid_out(case: Inquiry, errand: Errand) -> Playback:
            if is_first:
                self.post_message(ExtentRead(case.custody.extent()))
            return case.playback("end", known_at, now, errand.go_on)

        self.find_out("history", laid_out, PlaybackReady, is_fatal=is_first, is_told=is_first)

    def suppose(self, real: Playback, entries: frozenset[int]) -> None:
        """Lay out what would have been without some entries, or again what really was."""
        if entries:
            self.find_out(
                WHAT_IF,
                lambda case, errand: case.imagined(real, entries, errand.go_on),
                PlaybackReady,
                is_told=True,
            )
        else:
            self.give_up(WHAT_IF)
            self.post_message(PlaybackReady(real))

    def look_closer(self) -> None:
        """Find out what takes longer than a lookup, once the person stays where they are."""
        view = self.view
        if view is None:
            return
        event, track = view.event, view.track
        if event is None or view.is_sealed_read:
            self.give_up("entry")
        else:
            entry = event.evidence.entry
            self.find_out(
                "entry", lambda case, _: case.custody.sealed(entry), SealedRead, patience=PATIENCE
            )
        if track is None or track.is_key or view.explained is not None:
            self.give_up("explain")
        else:
            playback, at, name = view.playback, view.at, track.id
            self.find_out(
                "explain",
                lambda _, errand: playback.explained(name, at, errand.go_on),
                lambda document: Explained(playback, name, at, document),
                patience=PATIENCE,
            )

    def look_for_more(self) -> None:
        """See whether the ledger has grown, unless that is being looked for already."""
        if not self.is_busy_with("size", "history"):
            self.find_out("size", lambda case, _: case.size, Grown)

    def find(self) -> None:
        """Find what deserves attention."""
        known_at, now = self.opening.known_at, self.now()
        self.find_out(
            "findings",
            lambda case, _: case.find("end", known_at, now, is_whole=True),
            FindingsMade,
        )

    def trace(self) -> None:
        """Read where the ledger comes from, and where it is silent."""
        known_at, now = self.opening.known_at, self.now()
        self.find_out(
            "holdings",
            lambda case, _: {**case.custody.holdings(), "gaps": case.gaps("end", known_at, now)},
            HoldingsRead,
        )

    def count_usage(self, patience: float = 0.0) -> None:
        """Count how often keys were used; the warehouse is made or extended first, aside."""
        known_at, now = self.opening.known_at, self.now()
        self.find_out(
            USAGE,
            lambda case, errand: case.usage(known_at, now, errand.go_on),
            UsageCounted,
            patience=patience,
            reading=self._asking,
            is_told=True,
        )

    def list_questions(self) -> None:
        """Read the catalogue of questions."""
        self.find_out("questions", lambda case, _: case.questions(), QuestionsRead)

    def ask(self, text: str, parameters: Mapping[str, str]) -> None:
        """Ask a question of the catalogue, or SQL, of the moment of the playhead."""
        if self.view is None:
            return
        at, known_at, now = typed(self.view.at), self.opening.known_at, self.now()

        def asked(case: Inquiry, errand: Errand) -> Result:
            found = case.query(
                text,
                parameters,
                at=at,
                known_at=known_at,
                now=now,
                seconds=QUERY_SECONDS,
                on_progress=errand.go_on,
                on_wait=errand.go_on,
            )
            with found as rows:
                kept = tuple(islice(rows, MOST_ROWS + 1))
                return Result(
                    asked=text,
                    parameters=parameters,
                    columns=tuple(rows.columns),
                    rows=kept[:MOST_ROWS],
                    is_cut=len(kept) > MOST_ROWS,
                )

        self.find_out(QUERY, asked, Answered, reading=self._asking, is_told=True)

    def audit(self) -> None:
        """Recompute every hash, beside everything else."""
        self.find_out(
            AUDIT,
            lambda case, errand: case.custody.audit(errand.go_on).document(),
            Audited,
            reading=self._auditing,
            is_told=True,
        )
