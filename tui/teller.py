"""Teller: seals what a follower found, and tells of every verdict that changes by it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tui import formats
from tui.words import counted

if TYPE_CHECKING:
    from analyzer.case import Case
    from tui.remote import Asked
    from tui.session import Session

Json = dict[str, Any]

PATIENCE: Final = 300
"""Seconds that the command of --on-change may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a follower was asked for.

    Attributes:
        folders: what to watch: folders, or addresses in S3 and SQS.
        on_change: a command line to run for each change, None for none.
        ingest: seals some sources, of AWS in the way given or else as the command was told, and
            returns the contract's `ingest` document.
    """

    folders: Sequence[str]
    on_change: str | None
    ingest: Callable[[Sequence[str], Asked | None], Json]


class Teller:
    """What one follower knows of the ledger: the verdicts that were told last."""

    def __init__(self, session: Session, wanted: Wanted) -> None:
        from analyzer.answers.changes import verdicts

        self._session = session
        self._wanted = wanted
        self._warned: set[tuple[str, str]] = set()
        self._case: Case | None = session.open() if session.ledger.exists() else None
        self._told = {} if self._case is None else verdicts(self._state())

    @property
    def has_ledger(self) -> bool:
        """Whether there is anything to judge yet."""
        return self._case is not None

    def close(self) -> None:
        """Close the ledger."""
        if self._case is not None:
            self._case.close()

    def seal(self, sources: Sequence[str], remote: Asked | None = None) -> Json:
        """Seal sources and say how many; what is wrong with one is said once.

        Returns:
            The document of the ingest.
        """
        document = self._wanted.ingest(sources, remote)
        for source in document["sources"]:
            about = (source["source"], source["error"])
            if source["error"] is not None and about not in self._warned:
                self._warned.add(about)
                self._session.console.warn(f"{source['source']}: {source['error']}")
        totals = document["totals"]
        if totals["sources"]:
            sealed = counted(totals["appended"], "record")
            files = counted(totals["sources"], "file")
            self._session.console.narrate(f"{files}: {sealed} sealed")
        if self._case is None:
            self._case = self._session.open()
        return document

    def tell(self) -> None:
        """Tell of verdicts that are others than when they were told last."""
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
