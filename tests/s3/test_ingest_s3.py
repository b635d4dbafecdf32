"""S3 as a source: the same ledger as from the same files on disk, and no request too many."""

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
from tests.cli.terminal import Result, keyledger
from tests.digest_support import KEYS, estate
from tests.golden import ROOT
from tests.ingested import record, trail
from tests.s3.store import PAGE, SIGNED, Store
from tui.console import ExitCode

QUIET = ROOT / "samples/stories/quiet-trail"
DAY = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/08"


def taken(folder: Path, *arguments: str, **options: Any) -> tuple[Any, list[Any], list[Any]]:
    """Ingest into a ledger of the folder; the report, every header and payload, every source."""
    with Ledger.create(folder / "l.db", origin="test", now=1, exist_ok=True) as ledger:
        report = ingest(ledger, arguments, clock=lambda: 2, **options)
        entries = [(one.header, one.payload) for one in ledger.entries()]
        return report, entries, [one.digest for one in ledger.sources()]


def asked(store: Store, *more: str, cwd: Path) -> tuple[Result, Any]:
    """Ingest by the command line; the result, and its document."""
    result = keyledger("ingest", store.address, *more, cwd=cwd)
    return result, json.loads(result.stdout)


def counted(**counts: int) -> dict[str, int]:
    """What was seen in S3; what is not said is 0."""
    names = ("listings", "found", "unchanged", "older", "deleted")
    return dict.fromkeys(names, 0) | counts


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


def test_only_the_folders_of_the_selection_are_listed(store: Store, tmp_path: Path) -> None:
    lay_out(store)
    store.disturb()
    wanted = ("--account", "444455556666", "--region", "us-east-1", "--since", "2026-01-08",
              "--until", "2026-01-08")  # fmt: skip
    result, document = asked(store, *wanted, cwd=tmp_path)
    assert result.code is ExitCode.DONE
    base = "AWSLogs/o-abc123/444455556666/"
    trail_ = f"{base}CloudTrail/us-east-1/"
    assert sorted(store.listed()) == sorted(
        ["", "AWSLogs/", "AWSLogs/o-abc123/", "notes/", base,
         f"{base}CloudTrail/", trail_, f"{trail_}2026/", f"{trail_}2026/01/",
         f"{trail_}2026/01/08/", f"{trail_}2026/01/09/"]
    )  # fmt: skip
    assert document["objects"] == counted(listings=11, found=3, unchanged=0)
    assert document["totals"]["appended"] == 3


@pytest.mark.long
def test_without_a_selection_a_region_is_listed_at_once(store: Store, tmp_path: Path) -> None:
    lay_out(store)
    store.disturb()
    result, document = asked(store, cwd=tmp_path)
    assert [one for one in store.listed() if "/2026" in one] == []
    assert document["totals"]["appended"] == 13
    assert "/Config/: left out, CloudTrail does not write there" in result.err


@pytest.mark.long
def test_what_is_sealed_is_not_downloaded_again(store: Store, tmp_path: Path) -> None:
    lay_out(store)
    _, first = asked(store, cwd=tmp_path)
    store.disturb()
    _, second = asked(store, cwd=tmp_path)
    assert store.downloads() == []
    assert second["objects"] == {**first["objects"], "unchanged": 13}
    assert second["ledger"]["root"] == first["ledger"]["root"]

    store.put("notes/loose.json", trail(record(99), record(100)))
    _, third = asked(store, cwd=tmp_path)
    assert store.downloads() == ["notes/loose.json"]
    assert (third["totals"]["appended"], third["totals"]["duplicates"]) == (1, 1)

    store.disturb()
    _, other = asked(store, "--services", "rds", cwd=tmp_path)
    assert len(store.downloads()) == 13
    assert other["totals"]["skipped"] == 14
    store.disturb()
    _, again = asked(store, "--reread", cwd=tmp_path)
    assert len(store.downloads()) == 13
    assert again["totals"]["duplicates"] == 14


@pytest.mark.long
def test_what_is_remembered_may_be_lost_or_be_of_another_time(store: Store, tmp_path: Path) -> None:
    store.put("a.json", trail(record(1)))
    asked(store, cwd=tmp_path)
    path = tmp_path / "keyledger.db"
    for statement in ("DELETE FROM derived_marks", "DROP TABLE derived_marks",
                      "UPDATE derived_marks SET size = 99", "DELETE FROM derived_sources",
                      "DROP TABLE derived_sources"):  # fmt: skip
        with Ledger.open(path) as ledger:
            ledger.rows.connection.execute(statement)
        store.disturb()
        result, document = asked(store, cwd=tmp_path)
        assert result.code is ExitCode.DONE
        assert store.downloads() == ["a.json"]
        assert document["totals"]["duplicates"] == 1
    store.disturb()
    asked(store, cwd=tmp_path)
    assert store.downloads() == []


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


@pytest.mark.long
def test_an_object_alone_and_a_folder_with_or_without_a_slash(store: Store, tmp_path: Path) -> None:
    store.put("logs/a.json", trail(record(1)))
    store.put("logs/a.json.more/b.json", trail(record(2)))
    store.put("logs2/c.json", trail(record(3)))
    for address, count in (("logs/a.json", 1), ("logs", 2), ("logs/", 2), ("", 3)):
        result = keyledger(
            "ingest", f"{store.address}/{address}", "--ledger", f"{count}{len(address)}.db",
            cwd=tmp_path,
        )  # fmt: skip
        assert json.loads(result.stdout)["totals"]["appended"] == count
    missing = keyledger("ingest", f"{store.address}/log", cwd=tmp_path)
    assert missing.code is ExitCode.FAILED
    assert "there is no object and no folder of this name" in missing.err


@pytest.mark.long
def test_more_objects_than_a_page_holds_are_all_met(store: Store, tmp_path: Path) -> None:
    for number in range(2 * PAGE + 1):
        store.put(f"{DAY}/{number:04}.json", b'{"Records":[]}')
    store.disturb()
    _, document = asked(store, "--account", "111122223333", cwd=tmp_path)
    assert document["objects"]["found"] == 2 * PAGE + 1
    assert store.listed().count("AWSLogs/111122223333/CloudTrail/us-east-1/") == 3


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
def test_requester_pays_and_a_role_and_a_profile(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("a.json", trail(record(1)))
    store.disturb()
    asked(store, "--requester-pays", cwd=tmp_path)
    assert {one["payer"] for one in store.asked()} == {"requester"}

    (tmp_path / "config").write_text("[profile audit]\nregion = eu-west-1\n")
    (tmp_path / "credentials").write_text(
        "[audit]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    store.disturb()
    result, _ = asked(store, "--profile", "audit", "--reread", cwd=tmp_path)
    assert result.code is ExitCode.DONE
    assert {one["key"].split("/")[0] for one in store.asked()} == {"AKIAPROFILE"}

    store.disturb()
    role = "arn:aws:iam::123456789012:role/auditor"
    result, _ = asked(store, "--profile", "audit", "--role", role, "--reread", cwd=tmp_path)
    assert result.code is ExitCode.DONE
    assert {one["key"][:11] for one in store.asked(method="POST")} == {"AKIAPROFILE"}
    assert {one["key"][:4] for one in store.asked(method="GET")} == {"ASIA"}

    missing = keyledger("ingest", store.address, "--profile", "nobody", cwd=tmp_path)
    assert missing.code is ExitCode.FAILED
    assert "nobody" in missing.err


@pytest.mark.long
def test_the_region_is_asked_in_which_somebody_says(store: Store, tmp_path: Path) -> None:
    store.put("a.json", trail(record(1)))
    for options, expected in (
        ((), "us-east-1"),
        (("--region", "eu-west-1"), "eu-west-1"),
        (("--region", "eu-west-1", "--aws-region", "eu-north-1"), "eu-north-1"),
    ):
        store.disturb()
        asked(store, *options, "--reread", cwd=tmp_path)
        assert {one["key"].split("/")[2] for one in store.asked()} == {expected}


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


@pytest.mark.long
def test_the_endpoint_can_be_named(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("a.json", trail(record(1)))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    result, _ = asked(store, "--endpoint", store.url, cwd=tmp_path)
    assert result.code is ExitCode.DONE


@pytest.mark.long
def test_without_credentials_the_way_out_is_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    result = keyledger("ingest", store.address, cwd=tmp_path)
    assert result.code is ExitCode.FAILED
    assert "there are no credentials: name a profile with --profile" in result.err
