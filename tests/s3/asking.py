"""Ingests from S3 as the tests ask for them, and what they told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.terminal import Result, keyledger
from tests.golden import ROOT
from tests.ingested import record, trail
from tests.s3.store import Store

QUIET = ROOT / "samples/stories/quiet-trail"


DAY = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/08"


def asked(store: Store, *more: str, cwd: Path) -> tuple[Result, Any]:
    """Ingest by the command line; the result, and its document."""
    result = keyledger("ingest", store.address, *more, cwd=cwd)
    return result, json.loads(result.stdout)


def counted(**counts: int) -> dict[str, int]:
    """What was seen in S3; what is not said is 0."""
    names = ("listings", "found", "unchanged", "older", "deleted")
    return dict.fromkeys(names, 0) | counts


def lay_out(store: Store) -> None:
    """Two accounts, two Regions, three days, and what else lies in such buckets."""
    number = 0
    for account in ("111122223333", "444455556666"):
        for region in ("us-east-1", "eu-west-1"):
            for day in ("2025/12/31", "2026/01/08", "2026/01/09"):
                number += 1
                key = f"AWSLogs/o-abc123/{account}/CloudTrail/{region}/{day}/{number}.json"
                store.put(key, trail(record(number)))
        store.put(f"AWSLogs/o-abc123/{account}/Config/x.json", b"{}")
    store.put("AWSLogs/o-abc123/.hidden.json", trail(record(98)))
    store.put("AWSLogs/o-abc123/folder/", b"")
    store.put("notes/loose.json", trail(record(99)))
