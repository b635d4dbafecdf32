"""Digest files are written by whoever fills the folder: nothing in them acts, nothing breaks."""

from __future__ import annotations

import gzip
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.answers.gaps import vouching
from analyzer.digests.check import Held, check
from analyzer.digests.document import DigestFile, SavedSignature, Unreadable, read
from analyzer.digests.logs import Source
from analyzer.digests.unvouched import unvouched
from tests.cli.terminal import keyledger
from tests.digest_support import KEYS, estate
from tui.console import ExitCode

HOSTILE = "\x1b[2J\x1b]0;owned\x07[bold red]x[/] =cmd|' /C calc'!A0 <script>alert(1)</script>\u202e"

WHOLE: dict[str, Any] = {
    "awsAccountId": "111122223333",
    "digestStartTime": "2026-01-08T03:00:00Z",
    "digestEndTime": "2026-01-08T04:00:00Z",
    "digestS3Bucket": "logs",
    "digestS3Object": "AWSLogs/1/CloudTrail-Digest/us-east-1/1_CloudTrail-Digest_us-east-1_t_us_"
    "20260108T040000Z.json.gz",
    "digestPublicKeyFingerprint": next(iter(KEYS)),
    "digestSignatureAlgorithm": "SHA256withRSA",
    "previousDigestS3Bucket": "logs",
    "previousDigestS3Object": "before",
    "previousDigestHashValue": "00",
    "previousDigestSignature": "00",
    "logFiles": [
        {
            "s3Bucket": "logs",
            "s3Object": "x.json.gz",
            "hashValue": "00",
            "newestEventTime": "2026-01-08T03:00:00Z",
            "oldestEventTime": "2026-01-08T03:00:00Z",
        }
    ],
}

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just(HOSTILE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
TIMES = st.sampled_from(
    ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-01-08T03:30:00Z", "yesterday", HOSTILE]
)


@settings(deadline=None, max_examples=300)
@given(
    changes=st.lists(
        st.dictionaries(st.sampled_from(sorted(WHOLE)), VALUES | TIMES, max_size=3),
        min_size=1,
        max_size=4,
    ),
    logs=st.lists(st.dictionaries(st.sampled_from(sorted(WHOLE["logFiles"][0])), VALUES | TIMES)),
)
def test_no_digest_file_brings_the_check_down(
    changes: list[dict[str, Any]], logs: list[dict[str, Any]]
) -> None:
    documents = []
    for entry, change in enumerate(changes):
        listed = [WHOLE["logFiles"][0] | log for log in logs]
        payload = json.dumps(WHOLE | {"logFiles": listed} | change).encode()
        documents.append(read(entry, payload, (sha256(payload).hexdigest(),), (HOSTILE,)))
    held = Held(
        files=tuple(one for one in documents if isinstance(one, DigestFile)),
        saved=tuple(one for one in documents if isinstance(one, SavedSignature)),
        unreadable=tuple(one for one in documents if isinstance(one, Unreadable)),
        sources=(Source(digest="00", names=(HOSTILE, "x.json.gz"), entry=0),),
    )
    report = check(held, KEYS)
    assert report.outcome != "intact"
    assert vouching(report)
    unvouched(report)


@pytest.mark.parametrize("format_", ["table", "csv", "markdown", "json", "jsonl"])
def test_what_a_digest_file_says_is_shown_and_never_acts(tmp_path: Path, format_: str) -> None:
    document = WHOLE | {
        "awsAccountId": HOSTILE,
        "digestS3Object": HOSTILE,
        "previousDigestS3Object": HOSTILE + "before",
        "logFiles": [WHOLE["logFiles"][0] | {"s3Object": HOSTILE + "log"}],
    }
    (tmp_path / "digest.json.gz").write_bytes(gzip.compress(json.dumps(document).encode()))
    assert keyledger("ingest", ".", cwd=tmp_path).code is ExitCode.DONE
    told = keyledger("gaps", "--format", format_, cwd=tmp_path, is_terminal=True)
    assert told.code is ExitCode.DONE
    assert "owned" in told.out
    assert "\x1b[2J" not in told.out
    assert "\x1b]0" not in told.out
    assert "\u202e" not in told.out


def test_a_digest_file_of_many_log_files_is_taken_whole(tmp_path: Path) -> None:
    logs = [WHOLE["logFiles"][0] | {"s3Object": f"{n}.json.gz"} for n in range(30_000)]
    document = json.dumps(WHOLE | {"logFiles": logs}).encode()
    assert len(document) > 4 << 20
    (tmp_path / "digest.json.gz").write_bytes(gzip.compress(document))
    keyledger("ingest", "digest.json.gz", cwd=tmp_path)
    told = json.loads(keyledger("gaps", cwd=tmp_path).out)
    assert told["digests"]["log_files"]["named"] == 30_000


def test_bytes_behind_a_log_file_s_gzip_stream_are_an_error_of_the_source(tmp_path: Path) -> None:
    """The hash is that of what was inflated, so it still is what CloudTrail signed."""
    whole = estate(tmp_path / "logs", hours=2)
    path = whole.logs[0]
    path.write_bytes(path.read_bytes() + b"EVIL")
    told = keyledger("ingest", "logs", cwd=tmp_path)
    assert told.code is ExitCode.FAILED
    assert path.name in told.err
