"""Filling: one shard of a fleet, sealed aside and put in its place when it is whole.

Whoever is killed on the way leaves a hidden folder and nothing else; done again, at the same moment
and with the same chance, it makes the same entries, also where both attempts run at one time.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from analyzer.answers.shape import Document
from analyzer.cloudtrail.services import DEFAULT_SERVICES, Services
from analyzer.errors import AnalyzerError, ShardMovedError
from analyzer.ingest.belonging import Belonging
from analyzer.ingest.ingest import ingest
from analyzer.ingest.shares import Share
from analyzer.ingest.tally import IngestReport, added
from analyzer.moment import Moment
from analyzer.s3.access import DEFAULT_REMOTE, Remote
from ledger.copying import snapshot
from ledger.errors import LedgerError
from ledger.hashing import sha256
from ledger.store import Ledger

_DRAFT: Final = ".sealing-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """How the shards of a fleet are sealed.

    Attributes:
        fleet: its folder.
        now: when; the same for every attempt.
        chance: 16 random bytes, for origins that no other fleet's shards have; the same again.
        services: which events are sealed.
        remote: in whose name, and what of it, is read from S3.
        workers: processes that read for each shard.
    """

    fleet: Path
    now: Moment
    chance: bytes
    services: Services = DEFAULT_SERVICES
    remote: Remote = DEFAULT_REMOTE
    workers: int = 0


def fill(share: Share, how: Filling) -> Document:
    """Seal what one shard takes.

    Returns:
        What became of it: the counts of `ingest`, size and root, the sources that `failed`, and an
        `error` where nothing was sealed and the shard is as it was.
    """
    target = how.fleet / f"{share.name}.db"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(dir=target.parent, prefix=_DRAFT) as folder:
            draft = Path(folder) / target.name
            before = _copied(target, draft)
            reports = _ingested(draft, target, share, how)
            _put(draft, target, before)
    except (LedgerError, AnalyzerError) as error:
        return _document(share.name, [], str(error))
    return _document(share.name, reports, None)


def tidy(fleet: Path) -> None:
    """Remove what was left by whoever was killed; nobody else may be filling a shard meanwhile."""
    for left in (*fleet.glob(f"*/{_DRAFT}*"), *fleet.glob(f"{_DRAFT}*")):
        shutil.rmtree(left, ignore_errors=True)


def _copied(target: Path, draft: Path) -> int:
    """Begin with what the shard holds; returns how many entries that are."""
    if not target.exists():
        return 0
    with Ledger.open(target) as ledger:
        snapshot(ledger, draft)
        return ledger.size


def _put(draft: Path, target: Path, before: int) -> None:
    """Put a draft in the place of the shard, unless that is not what the draft began with."""
    if _size(target) != before:
        raise ShardMovedError
    if _size(draft):
        draft.replace(target)


def _size(path: Path) -> int:
    if not path.exists():
        return 0
    with Ledger.open(path, readonly=True) as ledger:
        return ledger.size


def _ingested(draft: Path, target: Path, share: Share, how: Filling) -> Sequence[IngestReport]:
    chance = bytes(sha256(how.chance + share.name.encode()))[:16]
    origin = f"keyledger/{UUID(bytes=chance, version=4)}"
    with Ledger.create(draft, origin=origin, now=how.now, exist_ok=True) as ledger:
        take = partial(
            ingest,
            ledger,
            clock=lambda: how.now,
            services=how.services,
            workers=how.workers,
            key_file=target.with_name(f"{target.name}.key"),
            remote=how.remote,
        )
        whole = [take(share.sources)] if share.sources else []
        belonging = Belonging(name=share.name)
        return [*whole, *([take(share.mixed, belonging=belonging)] if share.mixed else [])]


def _document(name: str, reports: Sequence[IngestReport], error: str | None) -> Document:
    sources = [source for report in reports for source in report.sources]
    return {
        "shard": name,
        **added(sources),
        "size": reports[-1].size if reports else None,
        "root": reports[-1].root if reports else None,
        "failed": [{"source": one.source, "error": one.error} for one in sources if one.error],
        "warnings": [one for report in reports for one in report.warnings],
        "error": error,
    }
