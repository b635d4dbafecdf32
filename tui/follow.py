"""Follow: watch folders, seal what is whole, and tell of every verdict that changes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from tui import formats
from tui.words import counted

if TYPE_CHECKING:
    from analyzer.case import Case
    from tui.session import Session

Json = dict[str, Any]

TICK: Final = 500
"""Milliseconds after which files that settled are looked at, though nothing else happened."""

RESCAN: Final = 20
"""Ticks after which the whole folder is looked at: some file systems tell of no change."""

RECKON: Final = 120
"""Ticks after which verdicts are judged anew though nothing was sealed: clocks run on."""

PATIENCE: Final = 300
"""Seconds that the command of --on-change may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a follower was asked for.

    Attributes:
        folders: what to watch.
        on_change: a command line to run for each change, None for none.
        ingest: seals some files and returns the contract's `ingest` document.
    """

    folders: Sequence[str]
    on_change: str | None
    ingest: Callable[[Sequence[str]], Json]


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
    """What one follower knows: the files, and the verdicts that were told last."""

    def __init__(self, session: Session, wanted: Wanted) -> None:
        from analyzer.answers.changes import verdicts

        self._session = session
        self._wanted = wanted
        self._files: Any = {}
        self._case: Case | None = session.open() if session.ledger.exists() else None
        self._told = {} if self._case is None else verdicts(self._state())

    def close(self) -> None:
        """Close the ledger."""
        if self._case is not None:
            self._case.close()

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
            self._seal([*whole, *torn])
            self._files = sealed(self._files, [*whole, *torn])
        if self._case is not None and (whole or torn or is_due):
            self._tell()

    def _seal(self, paths: Sequence[str]) -> None:
        document = self._wanted.ingest(paths)
        for source in document["sources"]:
            if source["error"] is not None:
                self._session.console.warn(f"{source['source']}: {source['error']}")
        totals = document["totals"]
        files = counted(totals["sources"], "file")
        self._session.console.narrate(f"{files}: {counted(totals['appended'], 'record')} sealed")
        if self._case is None:
            self._case = self._session.open()

    def _tell(self) -> None:
        from analyzer.answers.changes import changes, verdicts

        state = self._state()
        for change in changes(self._told, state):
            line = "".join(formats.json_lines([change])).encode()
            self._session.console.pour([line])
            if self._wanted.on_change is not None:
                self._run(self._wanted.on_change, line)
        self._told = verdicts(state)

    def _state(self) -> Json:
        """Judge at the present: clocks have run on since the newest record."""
        if self._case is None:
            return {"databases": []}
        return self._case.state(None, "now", None, self._session.clock())

    def _run(self, command: str, change: bytes) -> None:
        """Run the person's command; what a log says reaches it on its input only."""
        console = self._session.console
        try:
            done = subprocess.run(  # noqa: S603 - the command line is the person's own
                ["/bin/sh", "-c", command], input=change, stdout=2, check=False, timeout=PATIENCE
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            console.warn(f"--on-change: {error}")
            return
        if done.returncode:
            console.warn(f"--on-change ended with {done.returncode}")
