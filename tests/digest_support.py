"""A small trail with digest files on disk, and the report on what became of it."""

from __future__ import annotations

import gzip
import json
import shutil
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from analyzer.digests.check import check
from analyzer.digests.keys import read_keys
from analyzer.ingest.ingest import ingest
from analyzer.vouchers import read_held
from ledger.store import Ledger
from tests.simulator import AwsSimulator
from tests.simulator.delivery import Habits, gzipped
from tests.simulator.digests import HOUR, DigestTrail, public_keys
from tests.simulator.recorder import spelled
from tests.simulator.signer import Signer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from analyzer.digests.keys import PublicKeys
    from analyzer.digests.report import DigestReport

SIGNER = Signer.of("tests")
KEYS = read_keys([("keys.json", public_keys(SIGNER))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """What lies on disk.

    Attributes:
        folder: as synced from S3.
        aws: the account.
        trail: wrote the digest files.
        digests: their paths, one an hour from `start`.
        logs: the trail files, by the names of their paths.
    """

    folder: Path
    aws: AwsSimulator
    trail: DigestTrail
    digests: list[Path]

    @property
    def start(self) -> datetime:
        return self.aws.start

    @property
    def logs(self) -> list[Path]:
        """The trail files of the hours that the digest files cover, by delivery."""
        until = self.start + len(self.digests) * HOUR
        found = sorted((self.folder / "AWSLogs").glob("*/CloudTrail/**/*.json.gz"))
        return [path for path in found if f"_{until:%Y%m%dT%H%M}" > "_" + path.name.split("_")[3]]

    def key(self, path: Path) -> str:
        """Return the S3 key of a file."""
        return path.relative_to(self.folder).as_posix()

    def hour(self, number: int) -> datetime:
        return self.start + number * HOUR

    def copied(self, folder: Path) -> Estate:
        """Return the same estate in another folder, to be tampered with."""
        shutil.copytree(self.folder, folder)
        digests = [folder / self.key(path) for path in self.digests]
        return replace(self, folder=folder, digests=digests, trail=deepcopy(self.trail))

    def report(self, keys: PublicKeys = KEYS) -> DigestReport:
        """Ingest the folder into a new ledger and check what its digest files say."""
        path = self.folder.parent / f"{self.folder.name}.db"
        path.unlink(missing_ok=True)
        with Ledger.create(path, origin="tests", now=1) as ledger:
            ingest(ledger, [str(self.folder)], clock=lambda: 1)
            return check(read_held(ledger, ledger.size), keys)


def estate(folder: Path, *, hours: int = 8) -> Estate:
    """Make an account with some hours of traffic, and a digest file for each hour."""
    aws = AwsSimulator()
    key = aws.create_key("orders", at=timedelta(minutes=2))
    orders = aws.create_db_instance("orders", key, at=timedelta(minutes=20))
    aws.traffic(
        since=0, until=max(hours - 2, 1) * HOUR, sessions=4 * hours, keys=[key], databases=[orders]
    )
    aws.deliver(folder, habits=Habits(every=HOUR / 3))
    trail = DigestTrail(account=aws.account, region=aws.region, signer=SIGNER)
    digests = trail.hourly(folder, aws.start, aws.start + hours * HOUR)
    return Estate(folder=folder, aws=aws, trail=trail, digests=digests)


def rewrite(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the document in a compressed file."""
    document = json.loads(gzip.decompress(path.read_bytes()))
    change(document)
    path.write_bytes(gzipped(spelled(document)))
