"""S3 as a source: the same ledger as from the same files on disk, whatever the objects are."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from analyzer.cloudtrail.sources import Source
from analyzer.digests.check import check
from analyzer.ingest.ingest import Progress, ingest
from analyzer.ingest.opening import AHEAD, AHEAD_BYTES, Opening
from analyzer.s3.access import Access
from analyzer.s3.bucket import Buckets
from analyzer.s3.client import Client
from analyzer.vouchers import read_held
from ledger.store import Ledger
from tests.cli.terminal import keyledger
from tests.digest_support import KEYS, estate
from tests.golden import ROOT
from tests.ingested import record, trail
from tests.s3.asking import QUIET, asked, counted
from tests.s3.store import SIGNED, Store
from tui.console import ExitCode


def taken(folder: Path, *arguments: str, **options: Any) -> tuple[Any, list[Any], list[Any]]:
    """Ingest into a ledger of the folder; the report, every header and payload, every source."""
    with Ledger.create(folder / "l.db", origin="test", now=1, exist_ok=True) as ledger:
        report = ingest(ledger, arguments, clock=lambda: 2, **options)
        entries = [(one.header, one.payload) for one in ledger.entries()]
        return report, entries, [one.digest for one in ledger.sources()]


@pytest.mark.parametrize("workers", [0, pytest.param(2, marks=pytest.mark.long)])
def test_the_ledger_is_that_of_the_same_files_on_disk(
    store: Store, tmp_path: Path, workers: int
) -> None:
    store.fill(QUIET)
    disk, logs = tmp_path / "disk", tmp_path / "disk/logs"
    for path in QUIET.rglob("*"):
        copy = logs / path.relative_to(QUIET)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            copy.write_bytes(path.read_bytes())
            if "CloudTrail-Digest" in str(path):
                key = path.relative_to(QUIET).as_posix()
                etag = store.s3.head_object(Bucket=store.bucket, Key=key)["ETag"]
                head = json.dumps({"ETag": etag, "Metadata": SIGNED}, sort_keys=True)
                copy.with_name(copy.name + ".head.json").write_text(head)
    far = tmp_path / "s3"
    far.mkdir()
    report, entries, sources = taken(far, store.address, workers=workers)
    on_disk, entries_of_disk, sources_of_disk = taken(disk, str(logs))
    assert len(entries) == 127
    assert entries == entries_of_disk
    assert (report.root, report.size) == (on_disk.root, on_disk.size)
    assert sources == sources_of_disk
    assert report.totals == on_disk.totals
    assert [one.source.removeprefix(store.address) for one in report.sources] == [
        one.source.removeprefix(str(logs)) for one in on_disk.sources
    ]


@pytest.mark.long
def test_the_newest_digest_file_is_verified_by_the_signature_that_s3_keeps(
    store: Store, tmp_path: Path
) -> None:
    made = estate(tmp_path / "estate", hours=3)
    newest = made.digests[-1]
    told = {"signature": made.trail.signature, "signature-algorithm": "SHA256withRSA"}
    for path in sorted(made.folder.rglob("*.gz")):
        store.put(made.key(path), path.read_bytes(), told if path == newest else None)
    on_disk = check_of(tmp_path, str(made.folder))
    in_s3 = check_of(tmp_path, store.address)
    assert on_disk == {"valid": 2, "unverified": 1}
    assert in_s3 == {"valid": 3}


def check_of(folder: Path, source: str) -> dict[str, int]:
    """Ingest, and count how the signatures of the digest files are judged."""
    with Ledger.create(folder / f"{len(source)}.db", origin="test", now=1) as ledger:
        ingest(ledger, [source], clock=lambda: 2)
        report = check(read_held(ledger, ledger.size), KEYS)
    return {mark.value: count for mark, count in report.marks.items() if count}


@pytest.mark.long
def test_a_digest_file_without_a_signature_is_told_of_and_no_error(
    store: Store, tmp_path: Path
) -> None:
    for path in sorted(QUIET.rglob("*CloudTrail-Digest*.gz"))[:2]:
        store.put(path.relative_to(QUIET).as_posix(), path.read_bytes())
    result, document = asked(store, cwd=tmp_path)
    assert result.code is ExitCode.DONE
    assert len(document["sources"]) == 2
    assert "1 more: S3 keeps no signature beside this digest file" in " ".join(result.err.split())


@pytest.mark.long
def test_metadata_are_data(store: Store, tmp_path: Path) -> None:
    path = next(QUIET.rglob("*CloudTrail-Digest*.gz"))
    forged = '00"}},{"Records":[' + json.dumps(record(7)) + "]}"
    told = {"signature": forged, "signature-algorithm": "x", "other": "[bold]"}
    store.put(path.relative_to(QUIET).as_posix(), path.read_bytes(), told)
    result, document = asked(store, cwd=tmp_path)
    assert result.code is ExitCode.DONE
    assert (document["totals"]["records"], document["ledger"]["size"]) == (0, 2)
    gaps = keyledger("gaps", "--digest-keys", str(ROOT / "samples/cloudtrail-public-keys.json"),
                     "--format", "table", cwd=tmp_path)  # fmt: skip
    assert gaps.code in {ExitCode.DONE, ExitCode.BROKEN}


@pytest.mark.long
def test_what_was_downloaded_is_sealed_every_now_and_then(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an interrupt would lose hours of objects that hold next to nothing of interest."""
    monkeypatch.setattr("analyzer.ingest.ingest._MANY", 5)
    for number in range(12):
        store.put(f"{number:02}.json", trail(record(number)))
        store.put(f"{number:02}.other.json", trail(record(number, eventSource="s3.amazonaws.com")))
    store.disturb({"kind": "denied", "times": 99, "path": "/11.json"})

    def interrupted(now: Progress) -> None:
        if now.source.endswith("/11.json"):
            raise KeyboardInterrupt

    with Ledger.create(tmp_path / "keyledger.db", origin="test", now=1) as ledger:
        with pytest.raises(KeyboardInterrupt):
            ingest(ledger, [store.address], clock=lambda: 2, on_progress=interrupted)
        assert ledger.size == 10
    store.disturb()
    _, document = asked(store, cwd=tmp_path)
    assert document["objects"] == counted(listings=2, found=24, unchanged=20)
    assert sorted(store.downloads()) == [
        "10.json", "10.other.json", "11.json", "11.other.json"
    ]  # fmt: skip


HOSTILE = (
    "../../etc/passwd", "a b+c%20d?e#f*.json", "x\x1b[31mred.json", "[bold]x[/bold].json",
    "'; DROP TABLE derived_marks; --", "\u202egnp.json", "%s%n{0}", "=cmd|'/c'!A1", "a//b",
    "\u00fc/\U0001f511.json",
)  # fmt: skip


@pytest.mark.long
def test_keys_are_data_wherever_they_go(store: Store, tmp_path: Path) -> None:
    for number, key in enumerate(HOSTILE):
        store.put(f"in/{key}", trail(record(number)))
    store.put("in/torn\x1b]0;title\x07.json", b'{"Records":[{"eventName":')
    before = set(tmp_path.iterdir())
    result, document = asked(store, cwd=tmp_path)
    assert result.code is ExitCode.FAILED
    assert document["totals"]["appended"] == len(HOSTILE) - 1
    assert {one["source"] for one in document["sources"]} >= {
        f"{store.address}/in/{key}" for key in HOSTILE[1:]
    }
    assert "1 object left out: a name on its way begins with a dot" in result.err
    table = keyledger("ingest", store.address, "--reread", "--format", "table", cwd=tmp_path)
    assert b"\x1b]" not in table.stdout + table.stderr + result.stderr
    assert {path.name for path in set(tmp_path.iterdir()) - before} <= {
        "keyledger.db", "keyledger.db-wal", "keyledger.db-shm"
    }  # fmt: skip
    alone = keyledger("ingest", f"{store.address}/in/{HOSTILE[1]}", "--reread", cwd=tmp_path)
    assert json.loads(alone.stdout)["totals"]["duplicates"] == 1


@pytest.mark.long
def test_a_large_object_and_compressed_ones(store: Store, tmp_path: Path) -> None:
    body = trail(*(record(number, padding="x" * 20_000) for number in range(200)))
    store.put("large.json", body)
    store.put("large.json.gz", gzip.compress(body))
    _, document = asked(store, cwd=tmp_path)
    assert (document["totals"]["appended"], document["totals"]["duplicates"]) == (200, 200)


@pytest.mark.long
def test_whoever_reads_slowly_stops_those_who_fetch_ahead(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(AHEAD + 20):
        store.put(f"{number:03}.json", bytes(100))
    sources = [
        Source(name="x", path=None, object=replace(one, size=size))
        for size in (1, AHEAD_BYTES // 4)
        for page in Buckets(Client("s3", Access(endpoint=store.url))).pages(
            store.bucket, "", is_whole=True
        )
        for one in page.objects
    ]
    for some, most in ((sources[: AHEAD + 20], AHEAD), (sources[AHEAD + 20 :], 4)):
        store.disturb()
        with Opening(some, Access(endpoint=store.url), None) as opening:
            for source in some[:3]:
                stream = opening.open(source).stream
                assert stream is not None
                stream.close()
            while len(store.downloads()) < most + 3:
                sleep(0.05)
            sleep(0.3)
            assert len(store.downloads()) == most + 3
