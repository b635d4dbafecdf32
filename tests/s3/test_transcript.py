"""S3 as a person meets it: what was typed, what came out; see `s3.txt` beside this file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_transcripts import replayed
from tests.golden import ROOT, Golden
from tests.s3.store import Store

TRANSCRIPT = Path(__file__).parent / "s3.txt"

pytestmark = pytest.mark.long


def test_the_transcript_is_what_the_commands_still_say(
    store: Store, server: str, tmp_path: Path, golden: Golden
) -> None:
    trail = Store.made(server, "trail")
    trail.fill(ROOT / "samples/stories/quiet-trail")
    trail.put("AWSLogs/777788889999/Config/us-east-1/snapshot.json", b"{}")
    trail.put("AWSLogs/111122223333/CloudTrail/us-east-1/2026/07/06/torn.json", b'{"Records":[{"')
    store.disturb({"kind": "denied", "times": 999, "path": "/secret"})
    golden.same(TRANSCRIPT, "".join(replayed(TRANSCRIPT.read_text(), tmp_path)))
    trail.close()
