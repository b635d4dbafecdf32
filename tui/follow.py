"""Follow: watch folders, seal what is whole, and tell of every verdict that changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn

from tui.teller import Teller, Wanted

if TYPE_CHECKING:
    from tui.session import Session

TICK: Final = 500
"""Milliseconds after which files that settled are looked at, though nothing else happened."""

RESCAN: Final = 20
"""Ticks after which the whole folder is looked at: some file systems tell of no change."""

RECKON: Final = 120
"""Ticks after which verdicts are judged anew though nothing was sealed: clocks run on."""


def follow(session: Session, wanted: Wanted) -> NoReturn:
    """Follow until somebody interrupts; what was sealed by then is whole.

    Raises:
        KeyboardInterrupt: the way in which it ends.
    """
    follower = Follower(session, wanted)
    session.console.narrate(f"following {', '.join(wanted.folders)}; Ctrl-C ends it")
    try:
        for number, is_woken in enumerate(_wakes(wanted.folders)):
            if is_woken or number % RESCAN == 0:
                follower.look()
            follower.step(is_due=number % RECKON == 0)
    finally:
        follower.close()
    raise KeyboardInterrupt


def _wakes(folders: Sequence[str]) -> Iterator[bool]:
    """Yield at once, then whenever something changes (True) or a tick has passed (False)."""
    from watchfiles import watch

    yield True
    for found in watch(
        *folders, watch_filter=None, rust_timeout=TICK, step=100, yield_on_timeout=True
    ):
        yield bool(found)


class Follower:
    """What one follower knows of the files that it watches."""

    def __init__(self, session: Session, wanted: Wanted) -> None:
        self._session = session
        self._wanted = wanted
        self._files: Any = {}
        self._teller = Teller(session, wanted)

    def close(self) -> None:
        """Close the ledger."""
        self._teller.close()

    def look(self) -> None:
        """Look at every file."""
        from analyzer.ingest.following import seen
        from analyzer.ingest.wholeness import sightings

        self._files = seen(self._files, sightings(self._wanted.folders), self._session.clock())

    def step(self, *, is_due: bool) -> None:
        """Seal what is whole and tell what changed by it, or by the time that passed."""
        from analyzer.ingest.following import due, given_up, sealed, unfinished
        from analyzer.ingest.wholeness import is_whole

        now = self._session.clock()
        asked = due(self._files, now)
        whole = [path for path in asked if is_whole(path)]
        torn = given_up(self._files, now)
        self._files = unfinished(self._files, set(asked) - set(whole))
        if whole or torn:
            self._teller.seal([*whole, *torn])
            self._files = sealed(self._files, [*whole, *torn])
        if self._teller.has_ledger and (whole or torn or is_due):
            self._teller.tell()
