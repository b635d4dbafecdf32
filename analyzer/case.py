"""Case: one ledger and everything that can be done with it; the facade of the analyzer."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from analyzer.answers.shape import Document
from analyzer.archive import Archive
from analyzer.catalogue import Query as Question
from analyzer.cloudtrail.services import DEFAULT_SERVICES, Services
from analyzer.custody import Custody
from analyzer.ingest.ingest import Progress, ingest
from analyzer.ingest.opening import MAX_INFLATED
from analyzer.ingest.tally import IngestReport
from analyzer.inquiry import Inquiry
from analyzer.moment import Moment
from analyzer.playback.happening import Happening
from analyzer.playback.mark import Gravity, Mark
from analyzer.playback.playback import Playback
from analyzer.playback.seek import FORMS, Sought, moment_at, sought
from analyzer.playback.track import Track
from analyzer.playback.usage import Usage
from analyzer.s3.access import DEFAULT_REMOTE, Remote
from analyzer.sealed import Extent
from ledger.store import Ledger

__all__ = [
    "FORMS", "Case", "Document", "Extent", "Gravity", "Happening", "Inquiry", "Mark", "Playback",
    "Question", "Sought", "Track", "Usage", "moment_at", "sought",
]  # fmt: skip
"""The facade, and the values of a playback that whoever shows one has to name."""


class Case(Inquiry):
    """An open ledger: what `Inquiry` asks of it, what is sealed in it, what it is as evidence."""

    custody: Custody

    def __init__(self, ledger: Ledger) -> None:
        """Take an open ledger; nothing is read yet."""
        super().__init__(Archive.of(ledger))
        self.ledger = ledger
        self.custody = Custody(ledger, self._knowledge)

    @classmethod
    def open(cls, path: Path) -> Case:
        """Open the ledger at *path*; raises the ledger's errors."""
        return cls(Ledger.open(path))

    @classmethod
    def open_or_create(
        cls, path: Path, now: Moment, chance: Callable[[int], bytes] = os.urandom
    ) -> Case:
        """Open the ledger at *path*, or make a new one there.

        Args:
            path: where.
            now: the present.
            chance: gives so many random bytes, for an origin that no other ledger has.
        """
        origin = f"keyledger/{UUID(bytes=chance(16), version=4)}"
        return cls(Ledger.create(path, origin=origin, now=now, exist_ok=True))

    def ingest(
        self,
        arguments: Sequence[str],
        *,
        clock: Callable[[], Moment],
        stdin: BinaryIO | None = None,
        services: Services = DEFAULT_SERVICES,
        max_inflated: int = MAX_INFLATED,
        workers: int | None = 0,
        key_file: Path | None = None,
        remote: Remote = DEFAULT_REMOTE,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> IngestReport:
        """Append the records of *arguments*; see `analyzer.ingest.ingest`."""
        return ingest(
            self.ledger,
            arguments,
            clock=clock,
            stdin=stdin,
            services=services,
            max_inflated=max_inflated,
            workers=workers,
            key_file=key_file,
            remote=remote,
            on_progress=on_progress,
        )
