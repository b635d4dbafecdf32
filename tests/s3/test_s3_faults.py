"""What goes wrong between here and S3: endured, or told with object, position and a way out."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from analyzer.s3.access import Access
from analyzer.s3.address import S3Object
from analyzer.s3.bucket import Buckets
from analyzer.s3.client import Client, StoppedError
from analyzer.s3.download import Downloaded, download
from analyzer.s3.errors import StoreError, Trouble
from ledger.audit import audit
from ledger.report import Outcome
from ledger.store import Ledger
from tests.cli.terminal import Result, keyledger
from tests.golden import ROOT
from tests.ingested import record, trail
from tests.s3.store import ENVIRONMENT, Store
from tui.console import ExitCode

pytestmark = pytest.mark.long

BODY = trail(*(record(number, padding="x" * 999) for number in range(50)))


def asked(store: Store, *more: str, cwd: Path) -> tuple[Result, Any]:
    """Ingest by the command line; the result, and its document."""
    result = keyledger("ingest", store.address, *more, cwd=cwd)
    return result, json.loads(result.stdout)


def of(document: Any, end: str) -> Any:
    """What became of the one source whose name ends so."""
    [found] = [one for one in document["sources"] if one["source"].endswith(end)]
    return found


@pytest.mark.parametrize("kind", ["slow-down", "error"])
@pytest.mark.parametrize("hit", [{"query": "list-type"}, {"path": "/a.json"}])
def test_a_busy_service_is_asked_again(
    store: Store, tmp_path: Path, kind: str, hit: dict[str, str]
) -> None:
    store.put("a.json", BODY)
    store.disturb({"kind": kind, "times": 2, "method": "GET", **hit})
    result, document = asked(store, cwd=tmp_path)
    assert result.code is ExitCode.DONE
    assert document["totals"]["appended"] == 50
    assert len(store.asked(method="GET")) == 4


def test_one_that_stays_busy_is_told_of_and_the_rest_is_done(store: Store, tmp_path: Path) -> None:
    for name in ("a.json", "b.json", "c.json"):
        store.put(name, trail(record(ord(name[0]))))
    store.disturb({"kind": "slow-down", "times": 99, "method": "GET", "path": "/b.json"})
    result, document = asked(store, cwd=tmp_path)
    assert result.code is ExitCode.FAILED
    assert document["totals"]["appended"] == 2
    assert of(document, "/b.json")["error"] == (
        "cannot be read: AWS says 503 SlowDown: as the test wants it, 4 times; "
        "what is sealed is whole: run it again later"
    )
    store.disturb()
    again, document = asked(store, cwd=tmp_path)
    assert again.code is ExitCode.DONE
    assert document["totals"]["appended"] == 1
    assert store.downloads() == ["b.json"]


def test_a_body_that_is_cut_off_is_read_on_where_it_broke(store: Store, tmp_path: Path) -> None:
    store.put("a.json", BODY)
    store.disturb(
        {"kind": "cut", "at": 20_000, "path": "/a.json", "method": "GET"},
        {"kind": "cut", "at": 10_000, "path": "/a.json", "method": "GET"},
    )
    result, document = asked(store, cwd=tmp_path)
    assert result.code is ExitCode.DONE
    assert document["totals"]["appended"] == 50
    ranges = [one["range"] for one in store.asked(method="GET") if one["path"].endswith("/a.json")]
    assert ranges == [None, "bytes=20000-", "bytes=30000-"]


def test_one_that_is_cut_off_again_and_again_is_told_of_with_the_position(
    store: Store, tmp_path: Path
) -> None:
    store.put("a.json", BODY)
    store.disturb({"kind": "cut", "at": 100, "times": 99, "path": "/a.json", "method": "GET"})
    result, document = asked(store, cwd=tmp_path)
    assert result.code is ExitCode.FAILED
    assert document["totals"]["records"] == 0
    told = of(document, "/a.json")["error"]
    assert told.startswith("cannot be read from byte 400 on: the connection broke: ")
    assert told.endswith("4 times; what is sealed is whole: run it again")


def bytes_of(found: Downloaded) -> bytes:
    """What was downloaded."""
    assert found.stream is not None
    with found.stream as stream:
        return stream.read()


def test_an_object_that_is_replaced_while_it_is_read_is_sealed_as_it_is_then(
    store: Store, tmp_path: Path
) -> None:
    store.put("a.json", BODY)
    later = trail(*(record(number) for number in range(100, 130)))
    store.disturb(
        {"kind": "replace", "at": 20_000, "body": later.decode(), "path": "/a.json",
         "method": "GET"},
    )  # fmt: skip
    result, document = asked(store, cwd=tmp_path)
    assert result.code is ExitCode.DONE
    assert (document["totals"]["records"], document["totals"]["appended"]) == (30, 30)
    assert of(document, "a.json")["sha256"] == hashlib.sha256(later).hexdigest()
    store.disturb()
    _, again = asked(store, cwd=tmp_path)
    assert (store.downloads(), again["objects"]["unchanged"]) == ([], 1)


class Replacing(Buckets):
    """Buckets in which an object is replaced as often as wanted while somebody reads it."""

    def __init__(self, store: Store, bodies: list[bytes]) -> None:
        super().__init__(Client("s3", Access(endpoint=store.url)))
        self.store = store
        self.bodies = bodies

    def read(self, one: S3Object, start: int) -> Any:
        version, pieces = super().read(one, start)
        if not self.bodies:
            return version, pieces
        first = next(pieces)
        self.store.put("a.json", self.bodies.pop(0))
        return version, _broken(first[:100])


def _broken(piece: bytes) -> Any:
    yield piece
    raise StoreError(Trouble.CUT_OFF, "broken")


def test_two_versions_of_an_object_are_never_mixed(store: Store) -> None:
    store.put("a.json", b"1" * 5000)
    buckets = Replacing(store, [b"2" * 4000])
    first = buckets.find(store.bucket, "a.json")
    assert first is not None
    found = download(buckets, first)
    assert bytes_of(found) == b"2" * 4000
    assert (found.version.size, found.version.etag == first.etag) == (4000, False)
    buckets.client.close()


def test_one_that_is_replaced_again_and_again_is_left_alone(store: Store) -> None:
    store.put("a.json", b"1" * 5000)
    buckets = Replacing(store, [bytes([number]) * 5000 for number in range(9)])
    first = buckets.find(store.bucket, "a.json")
    assert first is not None
    with pytest.raises(StoreError, match=r"was replaced 3 times while it was read, .* byte 100; "):
        download(buckets, first)
    buckets.client.close()


def test_an_object_that_is_replaced_after_the_listing_is_taken_as_it_is_now(store: Store) -> None:
    store.put("a.json", b"old")
    buckets = Buckets(Client("s3", Access(endpoint=store.url)))
    first = buckets.find(store.bucket, "a.json")
    assert first is not None
    store.put("a.json", b"newer")
    found = download(buckets, first)
    assert bytes_of(found) == b"newer"
    store.s3.delete_object(Bucket=store.bucket, Key="a.json")
    with pytest.raises(StoreError, match="NoSuchKey"):
        download(buckets, first)
    buckets.client.close()


def test_where_access_is_denied_the_rest_is_done(store: Store, tmp_path: Path) -> None:
    for account in ("1", "2", "3"):
        store.put(f"AWSLogs/{account}/CloudTrail/r/2026/01/01/x.json", trail(record(int(account))))
    store.put("AWSLogs/2/CloudTrail/s/2026/01/01/x.json", trail(record(4)))
    store.disturb(
        {"kind": "denied", "times": 99, "query": "prefix=AWSLogs/2/CloudTrail/r/"},
        {"kind": "denied", "times": 99, "path": "/AWSLogs/3/"},
    )
    result, document = asked(store, cwd=tmp_path)
    assert result.code is ExitCode.FAILED
    assert document["totals"]["appended"] == 2
    listing = of(document, "AWSLogs/2/CloudTrail/r/")["error"]
    assert listing.startswith("cannot be listed: AWS says 403 AccessDenied: as the test ")
    assert listing.endswith(
        "the credentials need the right to do this, or --profile, --role others"
    )
    failed = {one["source"] for one in document["sources"] if one["error"]}
    assert failed == {
        f"{store.address}/AWSLogs/2/CloudTrail/r/",
        f"{store.address}/AWSLogs/3/CloudTrail/r/2026/01/01/x.json",
    }
    with Ledger.open(tmp_path / "keyledger.db", readonly=True) as ledger:
        assert audit(ledger).outcome is Outcome.INTACT
    store.disturb()
    again, document = asked(store, cwd=tmp_path)
    assert (again.code, document["totals"]["appended"]) == (ExitCode.DONE, 2)


def test_what_is_damaged_in_s3_is_told_every_time(store: Store, tmp_path: Path) -> None:
    store.put("torn.json", BODY[:-500])
    for _ in range(2):
        result, document = asked(store, cwd=tmp_path)
        assert result.code is ExitCode.FAILED
        assert " at byte " in of(document, "torn.json")["error"]


def test_no_bucket_no_server_and_an_expired_token(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = keyledger("ingest", "s3://no-such-bucket/x/", cwd=tmp_path)
    assert (missing.code, "there is no such bucket" in missing.err) == (ExitCode.FAILED, True)
    store.disturb({"kind": "expired", "times": 9})
    expired = keyledger("ingest", store.address, cwd=tmp_path)
    assert (expired.code, "400 ExpiredToken" in expired.err) == (ExitCode.FAILED, True)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    nobody = keyledger("ingest", store.address, "--endpoint", "http://127.0.0.1:9", cwd=tmp_path)
    assert nobody.code is ExitCode.FAILED
    assert "the connection broke: Could not connect to the endpoint" in " ".join(nobody.err.split())


def test_whoever_waits_can_be_stopped(store: Store) -> None:
    store.disturb({"kind": "slow-down", "times": 99})
    client = Client("s3", Access(endpoint=store.url))
    client.attempts = 10_000
    ended: list[bool] = []

    def ask() -> None:
        try:
            client.call("list_objects_v2", Bucket=store.bucket)
        except StoppedError:
            ended.append(True)

    waiting = Thread(target=ask)
    waiting.start()
    while not store.asked():
        time.sleep(0.01)
    client.close()
    waiting.join(timeout=30)
    assert ended == [True]


def test_ctrl_c_leaves_a_whole_ledger_and_the_same_again_completes_it(
    store: Store, tmp_path: Path
) -> None:
    for number in range(40):
        store.put(f"{number:02}.json", trail(record(number)))
    store.disturb({"kind": "stall", "times": 99, "method": "GET", "path": "/20.json"})
    code = "import sys; from tui.cli import main; sys.exit(main())"
    child = subprocess.Popen(
        [sys.executable, "-c", code, "ingest", store.address],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, **ENVIRONMENT, "AWS_ENDPOINT_URL": store.url, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    for _ in range(600):
        if "20.json" in store.downloads():
            break
        time.sleep(0.05)
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=30) == ExitCode.INTERRUPTED
    with Ledger.open(tmp_path / "keyledger.db", readonly=True) as ledger:
        assert audit(ledger).outcome in {Outcome.INTACT, Outcome.INCOMPLETE}
    store.disturb()
    result, document = asked(store, cwd=tmp_path)
    assert result.code is ExitCode.DONE
    assert document["ledger"]["size"] == 40
