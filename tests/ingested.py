"""Records, files and ingests in a few words, for tests of what lies between file and ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from analyzer.cloudtrail.body import Bytes
from analyzer.cloudtrail.cut import cut
from analyzer.cloudtrail.slices import Flaw, Reject, Remark, Slice
from analyzer.ingest.ingest import ingest
from ledger.entry import Entry, Kind
from ledger.store import Ledger

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analyzer.cloudtrail.slices import Item
    from analyzer.ingest.tally import IngestReport, SourceReport

Json = dict[str, Any]


def record(number: int = 1, **changes: Any) -> Json:
    """A KMS record as CloudTrail writes it; a member that is to be absent is given as `...`."""
    whole: Json = {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "AssumedRole",
            "arn": "arn:aws:sts::111122223333:assumed-role/admin/alice",
            "accountId": "111122223333",
            "sessionContext": {"attributes": {"mfaAuthenticated": "false"}},
        },
        "eventTime": f"2026-01-08T03:{number // 60 % 60:02}:{number % 60:02}Z",
        "eventSource": "kms.amazonaws.com",
        "eventName": "DisableKey",
        "awsRegion": "us-east-1",
        "userAgent": 'aws-cli/2.15 "quoted", {braced} [x]',
        "requestParameters": {"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab"},
        "responseElements": None,
        "eventID": f"00000000-0000-4000-8000-{number:012}",
        "resources": [
            {"ARN": "arn:aws:kms:us-east-1:111122223333:key/1234abcd", "type": "AWS::KMS::Key"},
            {"ARN": "arn:aws:kms:us-east-1:111122223333:alias/x", "type": "AWS::KMS::Alias"},
        ],
        "recipientAccountId": "111122223333",
    }
    return {name: value for name, value in (whole | changes).items() if value is not ...}


def spelled(value: Any) -> bytes:
    """JSON as CloudTrail spells it, without blanks."""
    return json.dumps(value, separators=(",", ":")).encode()


def trail(*records: Json | bytes) -> bytes:
    """A log file as it lies in S3, inflated."""
    parts = [part if isinstance(part, bytes) else spelled(part) for part in records]
    return b'{"Records":[%b]}' % b",".join(parts)


def lines(*values: Json | bytes) -> bytes:
    """JSON Lines."""
    parts = [part if isinstance(part, bytes) else spelled(part) for part in values]
    return b"".join(part + b"\n" for part in parts)


def items(data: bytes, *, is_quick: bool = True) -> list[Item]:
    """Everything that the cut finds."""
    return list(cut(Bytes(data=data), is_quick=is_quick))


def slices(found: Sequence[Item]) -> list[bytes]:
    """The payloads of records."""
    return [item.payload for item in found if isinstance(item, Slice)]


def rejects(found: Sequence[Item]) -> list[bytes]:
    """The payloads of rejects."""
    return [item.payload for item in found if isinstance(item, Reject)]


def flaws(found: Sequence[Item]) -> list[Flaw]:
    """Where the source is damaged."""
    return [item for item in found if isinstance(item, Flaw)]


def remarks(found: Sequence[Item]) -> list[Remark]:
    """What is worth telling."""
    return [item for item in found if isinstance(item, Remark)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What an ingest left behind."""

    report: IngestReport
    entries: tuple[Entry, ...]
    notes: dict[int, str]

    @property
    def only(self) -> SourceReport:
        """The report on the one source there was."""
        (source,) = self.report.sources
        return source

    def payloads(self, kind: Kind = Kind.RECORD) -> list[bytes]:
        """What was sealed as one kind, in order."""
        return [entry.payload or b"" for entry in self.entries if entry.header.kind is kind]


def ingested(folder: Path, *arguments: str, **options: Any) -> Ingested:
    """Ingest into `folder/ledger.db`, with a clock that ticks, and read everything back."""
    ticks = count(1_700_000_000_000_000, 1_000_000)
    path = folder / "ledger.db"
    with Ledger.create(path, origin="test", now=next(ticks), exist_ok=True) as ledger:
        report = ingest(ledger, arguments, clock=lambda: next(ticks), **options)
        found = Ingested(report=report, entries=tuple(ledger.entries()), notes=dict(ledger.notes()))
    for source in report.sources:
        assert source.records == sum(
            (source.appended, source.duplicates, source.conflicts, source.skipped, source.rejected)
        )
    return found


def ingested_file(folder: Path, data: bytes, **options: Any) -> Ingested:
    """Write one file under a name that says nothing, and ingest it."""
    path = folder / "source"
    path.write_bytes(data)
    return ingested(folder, str(path), **options)


ONE = spelled(record(1))
TWO = spelled(record(2))
"""Two records, as CloudTrail spells them."""
