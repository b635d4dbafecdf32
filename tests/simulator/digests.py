"""Digests: digest files beside delivered trail files, signed and chained as CloudTrail does it."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from tests.simulator.delivery import gzipped
from tests.simulator.reading import delivery_time, trail_files
from tests.simulator.recorder import spelled
from tests.simulator.signer import Signer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.simulator.recorder import Json

HOUR: Final = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class DigestTrail:
    """One trail in one Region, with log file validation on.

    Attributes:
        account: whose it is.
        region: of its log files.
        signer: CloudTrail's pair of keys.
        trail: its name.
        bucket: into which it delivers.
        signature: of the digest file written last.
        previous: what the next one says of it; empty where a chain begins.
    """

    account: str
    region: str = "us-east-1"
    signer: Signer = field(default_factory=lambda: Signer.of("tests"))
    trail: str = "main"
    bucket: str = "audit-trail-logs"
    signature: str = ""
    previous: Json = field(default_factory=dict)

    def hourly(self, directory: Path, since: datetime, until: datetime) -> list[Path]:
        """Write a digest file an hour for what was delivered below *directory*."""
        return [
            self.write(directory, start, min(start + HOUR, until)) for start in _hours(since, until)
        ]

    def restart(self) -> None:
        """Begin a new chain, as StartLogging does."""
        self.previous = {}

    def write(
        self, directory: Path, start: datetime, end: datetime, *, is_backfill: bool = False
    ) -> Path:
        """Write the digest file of one window; return its path."""
        key = self.key(end, is_backfill=is_backfill)
        document = {
            "awsAccountId": self.account,
            "digestStartTime": _moment(start),
            "digestEndTime": _moment(end),
            "digestS3Bucket": self.bucket,
            "digestS3Object": key,
            "digestPublicKeyFingerprint": self.signer.fingerprint,
            "digestSignatureAlgorithm": "SHA256withRSA",
            **self._events(logs := list(self._delivered(directory, start, end))),
            "previousDigestS3Bucket": self.previous.get("bucket"),
            "previousDigestS3Object": self.previous.get("key"),
            "previousDigestHashValue": self.previous.get("hash"),
            "previousDigestHashAlgorithm": "SHA-256" if self.previous else None,
            "previousDigestSignature": self.previous.get("signature"),
            "logFiles": logs,
        }
        content = spelled(document)
        path = directory / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzipped(content))
        digest = sha256(content).hexdigest()
        before = self.previous.get("signature") or "null"
        signed = "\n".join((_moment(end), f"{self.bucket}/{key}", digest, before))
        self.signature = self.signer.sign(signed.encode())
        self.previous = {
            "bucket": self.bucket, "key": key, "hash": digest, "signature": self.signature,
        }  # fmt: skip
        return path

    def key(self, end: datetime, *, is_backfill: bool = False) -> str:
        """Return the S3 key of a digest file."""
        tail = "_backfill" if is_backfill else ""
        folder = f"AWSLogs/{self.account}/CloudTrail-Digest/{self.region}/{end:%Y/%m/%d}"
        name = f"{self.account}_CloudTrail-Digest_{self.region}_{self.trail}_us-east-1"
        return f"{folder}/{name}_{end:%Y%m%dT%H%M%SZ}{tail}.json.gz"

    def save_signature(self, path: Path) -> Path:
        """Keep what `aws s3api head-object` tells of the digest file written last."""
        told = {
            "ContentLength": path.stat().st_size,
            "ETag": '"0123456789abcdef"',
            "Metadata": {"signature": self.signature, "signature-algorithm": "SHA256withRSA"},
        }
        saved = path.with_name(f"{path.name}.head.json")
        saved.write_text(json.dumps(told, indent=4))
        return saved

    def _delivered(self, directory: Path, start: datetime, end: datetime) -> Iterable[Json]:
        for path, records in trail_files(directory / "AWSLogs" / self.account / "CloudTrail"):
            if not start <= delivery_time(path) < end or f"_{self.region}_" not in path.name:
                continue
            times = sorted(record["eventTime"] for record in records)
            yield {
                "s3Bucket": self.bucket,
                "s3Object": path.relative_to(directory).as_posix(),
                "hashValue": sha256(gzip.decompress(path.read_bytes())).hexdigest(),
                "hashAlgorithm": "SHA-256",
                "newestEventTime": times[-1],
                "oldestEventTime": times[0],
            }

    def _events(self, logs: list[Json]) -> Json:
        newest = max((log["newestEventTime"] for log in logs), default=None)
        oldest = min((log["oldestEventTime"] for log in logs), default=None)
        return {"newestEventTime": newest, "oldestEventTime": oldest}


def public_keys(*signers: Signer, is_spki: bool = False) -> bytes:
    """Return what `aws cloudtrail list-public-keys` prints."""
    listed = {"PublicKeyList": [signer.listed(is_spki=is_spki) for signer in signers]}
    return json.dumps(listed, indent=4).encode() + b"\n"


def _hours(since: datetime, until: datetime) -> Iterable[datetime]:
    start = since
    while start < until:
        yield start
        start += HOUR


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
