"""Log files: whatever somebody does to them is named, and nothing else is."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from analyzer.digests.report import Kind
from analyzer.moment import of
from tests.digest_support import Estate, estate, rewrite
from tests.digests.reading import only
from tests.simulator.delivery import gzipped


def busy(trail: Estate) -> Path:
    """Return a log file from the middle, whose hour has a digest file on each side."""
    return trail.logs[len(trail.logs) // 2]


def test_a_tampered_log_file_is_named(trail: Estate) -> None:
    path = busy(trail)
    rewrite(path, lambda document: document["Records"][0].update(eventName="Nothing"))
    report = trail.report()
    found = only(report.contradictions)
    assert (found.kind, found.name) == (Kind.LOG_FILE_ALTERED, trail.key(path))
    assert found.source == str(path)
    assert report.gaps == ()
    assert report.outcome == "broken"


def test_a_dropped_log_file_is_named_with_the_times_of_its_events(trail: Estate) -> None:
    path = busy(trail)
    records = json.loads(gzip.decompress(path.read_bytes()))["Records"]
    path.unlink()
    found = only(trail.report().gaps)
    assert (found.kind, found.name) == (Kind.LOG_FILE_ABSENT, trail.key(path))
    oldest = min(record["eventTime"] for record in records)
    assert found.start is not None
    assert found.start == moment(oldest)


def test_a_log_file_that_no_digest_names_is_named(trail: Estate) -> None:
    path = busy(trail)
    forged = path.with_name(path.name[:-24] + "A" * 16 + path.name[-8:])
    shutil.copy(path, forged)
    rewrite(forged, lambda document: document["Records"][0].update(eventID="forged"))
    found = only(trail.report().gaps)
    assert (found.kind, found.name) == (Kind.LOG_FILE_UNNAMED, str(forged))


def test_log_files_of_other_times_and_other_sources_are_beyond_what_digests_say(
    trail: Estate,
) -> None:
    (trail.folder / "events.jsonl").write_text(
        '{"eventTime": "2026-01-01T00:00:00Z", "eventSource": "kms.amazonaws.com",'
        ' "eventName": "EnableKey"}'
    )
    before = len(list(trail.folder.glob("AWSLogs/*/CloudTrail/**/*.gz"))) - len(trail.logs)
    report = trail.report()
    assert report.gaps == ()
    assert report.outside == before + 1


def test_log_files_and_digests_that_were_moved_are_found_by_their_hash(trail: Estate) -> None:
    flat = trail.folder.parent / "flat"
    flat.mkdir()
    for path in [*trail.digests, *trail.logs]:
        shutil.copy(path, flat / path.name)
    moved = Estate(folder=flat, aws=trail.aws, trail=trail.trail, digests=trail.digests)
    report = moved.report()
    assert (report.contradictions, report.gaps, report.remarks) == ((), (), ())


def test_log_files_and_digests_that_were_inflated_on_disk_are_the_same_files(
    trail: Estate,
) -> None:
    for path in [*trail.digests, *trail.logs]:
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    report = trail.report()
    assert (report.contradictions, report.gaps, report.remarks) == ((), (), ())


def test_a_log_file_without_a_record_is_here_too(tmp_path: Path) -> None:
    whole = estate(tmp_path / "logs", hours=2)
    empty = whole.logs[0].with_name(whole.logs[0].name[:-24] + "E" * 16 + ".json.gz")
    empty.write_bytes(gzipped(b'{"Records":[]}'))
    source = {"s3Bucket": "b", "s3Object": whole.key(empty), "hashValue": sha(b'{"Records":[]}')}
    rewrite(whole.digests[-1], lambda document: document["logFiles"].append(source))
    report = whole.report()
    assert (report.contradictions, report.gaps) == ((), ())


def test_a_renamed_log_file_is_still_the_log_file_and_that_is_told(trail: Estate) -> None:
    path = busy(trail)
    renamed = path.rename(path.with_name("evidence-17.gz"))
    report = trail.report()
    assert report.gaps == ()
    found = only(report.remarks)
    assert (found.kind, found.name) == (Kind.LOG_FILE_RENAMED, trail.key(path))
    assert found.source == str(renamed)


def sha(content: bytes) -> str:
    return sha256(content).hexdigest()


def moment(spelled: str) -> int:
    return of(datetime.fromisoformat(spelled))
