"""Workers: what takes time is found out in threads, and comes back as one message each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any, Final, TypeVar

from textual.app import App
from textual.message import Message
from textual.reactive import reactive

from analyzer.case import Case, Playback
from tui.dashboard.clock import typed
from tui.dashboard.messages import (
    Answered,
    Audited,
    Busy,
    Explained,
    Failed,
    FindingsMade,
    Grown,
    HoldingsRead,
    PlaybackReady,
    QuestionsRead,
    SealedRead,
)
from tui.dashboard.palette import DARK
from tui.dashboard.reading import Reading
from tui.dashboard.view import Audit, DashboardView, Result, Settings

T = TypeVar("T")

PATIENCE: Final = 0.12
"""Seconds to wait before something slow is asked: while one scrubs, the next move is near."""


QUERY_SECONDS: Final = 60.0
"""Seconds that a query is given."""

MOST_ROWS: Final = 10_000
"""Rows of an answer that are kept to be looked through; the rest is for the command line."""


class GivenUpError(Exception):
    """The person does not want to wait any longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What to open, and where.

    Attributes:
        ledger: path of the ledger.
        settings: what stays the same while one scrubs.
        at: the moment, as typed; None for the decisive one.
        known_at: how much of the ledger counts, as typed; None for all of it.
        resource: the key or database to select, as typed; None for the one that matters most.
        theme: name of the theme.
        keymap: keys by binding id, where they are not the usual ones.
    """

    ledger: Path
    settings: Settings
    at: str | None = None
    known_at: str | None = None
    resource: str | None = None
    theme: str = DARK.name
    keymap: Mapping[str, str] | None = None


class Workers(App[None]):
    """The part of the dashboard that finds things out; it shows nothing itself."""

    view: reactive[DashboardView | None] = reactive(None, repaint=False)

    def __init__(self, opening: Opening, now: Callable[[], int]) -> None:
        """Prepare to open a ledger; *now* tells the present in microseconds since the epoch."""
        super().__init__()
        self.opening = opening
        self.now = now
        self.reading = Reading(opening.ledger)
        self._auditing = Reading(opening.ledger)
        self._asking = Reading(opening.ledger)
        self._is_enough = Event()
        self._is_waited_for = Event()

    def on_unmount(self) -> None:
        """Let go of the ledger."""
        self._is_enough.set()
        self._is_waited_for.clear()
        for reading in (self.reading, self._auditing, self._asking):
            reading.close()

    def lay_out(self) -> None:
        """Lay the history out, anew where it is already shown."""
        known_at, now = self.opening.known_at, self.now()
        self._find_out(
            "history",
            lambda case: case.playback("end", known_at, now),
            PlaybackReady,
            is_fatal=self.view is None,
        )

    def suppose(self, real: Playback, entries: frozenset[int]) -> None:
        """Lay out what would have been without some entries, or again what really was."""
        if entries:
            self._find_out("suppose", lambda case: case.imagined(real, entries), PlaybackReady)
        else:
            self.post_message(PlaybackReady(real))

    def look_closer(self) -> None:
        """Find out what takes longer than a lookup, once the person stays where they are."""
        view = self.view
        if view is None:
            return
        event, track = view.event, view.track
        if event is not None and not view.is_sealed_read:
            entry = event.evidence.entry
            self._find_out(
                "entry", lambda case: case.custody.sealed(entry), SealedRead, patience=PATIENCE
            )
        if track is not None and not track.is_key and view.explained is None:
            playback, at, name = view.playback, view.at, track.id
            self._find_out(
                "explain",
                lambda _: playback.explained(name, at),
                lambda document: Explained(name, at, document),
                patience=PATIENCE,
            )

    def look_for_more(self) -> None:
        """See whether the ledger has grown; if so, lay the history out anew."""
        self._find_out("size", lambda case: case.ledger.size, Grown)

    def find(self) -> None:
        """Find what deserves attention."""
        known_at, now = self.opening.known_at, self.now()
        self._find_out(
            "findings",
            lambda case: case.find("end", known_at, now, is_whole=True),
            FindingsMade,
        )

    def trace(self) -> None:
        """Read where the ledger comes from, and where it is silent."""
        known_at, now = self.opening.known_at, self.now()
        self._find_out(
            "holdings",
            lambda case: {**case.custody.holdings(), "gaps": case.gaps("end", known_at, now)},
            HoldingsRead,
        )

    def list_questions(self) -> None:
        """Read the catalogue of questions."""
        self._find_out("questions", lambda case: case.questions(), QuestionsRead)

    def ask(self, text: str, parameters: Mapping[str, str]) -> None:
        """Ask a question of the catalogue, or SQL, of the moment of the playhead."""
        if self.view is None:
            return
        at, known_at, now = typed(self.view.at), self.opening.known_at, self.now()
        self._is_waited_for.set()

        def told(done: int, total: int) -> None:
            if not self._is_waited_for.is_set():
                raise GivenUpError
            self.post_message(Busy(f"query: {100 * done // max(total, 1)} % of the columns made"))

        def asked(case: Case) -> Result:
            found = case.query(
                text,
                parameters,
                at=at,
                known_at=known_at,
                now=now,
                seconds=QUERY_SECONDS,
                on_progress=told,
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

        self._find_out("query", asked, Answered, reading=self._asking)

    def give_up(self) -> None:
        """Wait no longer for a query or a counterfactual."""
        self._is_waited_for.clear()
        for group in ("query", "suppose"):
            self.workers.cancel_group(self, group)

    def audit(self) -> None:
        """Recompute every hash, beside everything else; progress comes as messages."""
        self._is_enough.clear()

        def told(done: int, total: int) -> None:
            if self._is_enough.is_set():
                raise GivenUpError
            if total and done * 100 // total != (done - 1) * 100 // total:
                self.post_message(Audited(Audit(done=done, total=total)))

        self._find_out(
            "audit",
            lambda case: case.custody.audit(told).document(),
            lambda report: Audited(Audit(report=report)),
            reading=self._auditing,
        )

    def cancel_audit(self) -> None:
        """Give the audit up."""
        self._is_enough.set()

    def _find_out(
        self,
        group: str,
        question: Callable[[Case], T],
        message: Callable[[T], Message],
        *,
        patience: float = 0.0,
        is_fatal: bool = False,
        reading: Reading | None = None,
    ) -> None:
        """Ask in a thread, and post the answer as a message; a later question replaces this one.

        Args:
            group: what it is about; of each there is one question at a time.
            question: what to ask.
            message: makes the message of the answer.
            patience: seconds to wait before it is asked.
            is_fatal: whether there is nothing to show without an answer.
            reading: where to ask; None for where everything is asked.
        """

        async def asked() -> None:
            await asyncio.sleep(patience)
            try:
                found = await (reading or self.reading).ask(question)
            except GivenUpError:
                self.post_message(Audited(None) if group == "audit" else Busy(""))
            except Exception as error:  # noqa: BLE001 - whatever it is, the person is to be told
                self.post_message(Failed(error, is_fatal=is_fatal))
            else:
                self.post_message(message(found))

        # A function: a coroutine that is replaced before it began would be left unawaited.
        work: Any = asked
        self.run_worker(work, group=group, exclusive=True, exit_on_error=False)
