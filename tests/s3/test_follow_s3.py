"""Following S3: each object once, a message deleted only when all it tells of is sealed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from analyzer.s3.access import Access
from analyzer.s3.address import parse_queue
from analyzer.s3.client import Client
from analyzer.s3.inbox import Rule
from analyzer.s3.layout import Selection
from analyzer.s3.queue import Queue
from ledger.audit import audit
from ledger.errors import LedgerFullError
from ledger.report import Outcome
from ledger.store import Ledger
from tests.cli.terminal import NOW, keyledger
from tests.golden import ROOT
from tests.ingested import record, trail
from tests.s3.store import ENVIRONMENT, Store
from tui.console import Console, ExitCode, Wishes
from tui.follow_s3 import RECKON, receive
from tui.remote import Asked
from tui.sealing import Manner, ingested
from tui.session import Session
from tui.teller import Teller, Wanted

pytestmark = pytest.mark.long

Json = dict[str, Any]

KEYLEDGER = [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())"]


def plain(bucket: str, key: str, name: str = "ObjectCreated:Put") -> Json:
    """A notification as S3 itself sends it."""
    about = {"bucket": {"name": bucket}, "object": {"key": quote_plus(key), "size": 1}}
    return {"Records": [{"eventSource": "aws:s3", "eventName": name, "s3": about}]}


def bridged(bucket: str, key: str) -> Json:
    """The same as EventBridge sends it."""
    detail = {"bucket": {"name": bucket}, "object": {"key": key, "size": 1, "etag": "x"}}
    return {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}


def wrapped(message: Json) -> Json:
    """A notification of SNS around another."""
    return {"Type": "Notification", "TopicArn": "arn", "Message": json.dumps(message)}


class Bench:
    """A follower of the store's queue that takes one step at a time."""

    def __init__(self, store: Store, folder: Path, *places: str) -> None:
        self.ledger = folder / "case.db"
        session = Session(
            ledger=self.ledger, console=Console(Wishes(quiet=True)), clock=lambda: NOW
        )
        self.session = session
        self.teller = Teller(
            session,
            Wanted(folders=[], on_change=None, ingest=self.ingest),
        )
        self.client = Client("sqs", Access(endpoint=store.url))
        self.queue = Queue(self.client, parse_queue(store.queue))
        self.rule = Rule.of(places, Selection())
        self.ingests: list[list[str]] = []

    def ingest(self, names: Sequence[str], _remote: Asked | None) -> Json:
        self.ingests.append([*names])
        return ingested(self.session, names, Manner())

    def step(self) -> None:
        """Receive once: the clock says afterwards that it is time for other things."""
        rounds = iter([NOW, NOW])
        session = replace(self.session, clock=lambda: next(rounds, NOW + RECKON))
        receive(session, self.teller, self.queue, self.rule)

    def size(self) -> int:
        with Ledger.open(self.ledger, readonly=True) as ledger:
            assert audit(ledger).outcome is Outcome.INTACT
            return ledger.size


@pytest.fixture
def bench(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr("analyzer.s3.queue.WAIT", 1)
    made = Bench(store, tmp_path)
    yield made
    made.teller.close()
    made.client.close()


def test_all_forms_of_a_message_lead_to_the_object(store: Store, bench: Bench) -> None:
    keys = ["a b+c.json", "logs/\u00fc%20.json", "x.json", "y.json", "z.json", "w.json"]
    for number, key in enumerate(keys):
        store.put(key, trail(record(number)))
    store.send(plain(store.bucket, keys[0]))
    store.send(bridged(store.bucket, keys[1]))
    store.send(wrapped(plain(store.bucket, keys[2])))
    store.send(wrapped(bridged(store.bucket, keys[3])))
    store.send(wrapped({"s3Bucket": store.bucket, "s3ObjectKey": [keys[4], keys[5]]}))
    store.send({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": store.bucket})
    bench.step()
    assert bench.size() == 6
    assert store.left() == 0


def test_a_message_that_comes_twice_adds_nothing(store: Store, bench: Bench) -> None:
    store.put("a.json", trail(record(1)))
    for _ in range(2):
        store.send(plain(store.bucket, "a.json"))
        store.send(bridged(store.bucket, "a.json"))
        bench.step()
    assert bench.size() == 1
    assert store.left() == 0
    assert store.downloads() == ["a.json"]


def test_a_message_stays_until_its_object_could_be_read(
    store: Store, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analyzer.s3.queue._HIDDEN", 2)
    store.put("a.json", trail(record(1)))
    store.put("b.json", trail(record(2)))
    store.send({"Records": [*plain(store.bucket, "a.json")["Records"],
                            *plain(store.bucket, "b.json")["Records"]]})  # fmt: skip
    store.send(plain(store.bucket, "a.json"))
    store.disturb({"kind": "denied", "times": 99, "path": "/b.json"})
    bench.step()
    assert (bench.size(), store.left()) == (1, 1)
    store.disturb()
    time.sleep(2.1)
    bench.step()
    assert (bench.size(), store.left()) == (2, 0)


def test_nothing_is_deleted_when_the_ledger_cannot_be_written(
    store: Store, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("a.json", trail(record(1)))
    store.send(plain(store.bucket, "a.json"))

    def full(*_arguments: Any, **_options: Any) -> Any:
        raise LedgerFullError(bench.ledger, "no room")

    monkeypatch.setattr("ledger.appender.Appender.append", full)
    with pytest.raises(LedgerFullError):
        bench.step()
    assert store.left() == 1


def test_a_message_that_could_not_be_deleted_comes_back_and_adds_nothing(
    store: Store, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analyzer.s3.queue._HIDDEN", 1)
    store.put("a.json", trail(record(1)))
    store.send(plain(store.bucket, "a.json"))
    store.disturb({"kind": "error", "times": 4, "target": "DeleteMessageBatch"})
    bench.step()
    assert (bench.size(), store.left()) == (1, 1)
    time.sleep(1.1)
    bench.step()
    assert (bench.size(), store.left()) == (1, 0)
    assert store.downloads() == ["a.json"]


@pytest.mark.parametrize(
    "message",
    ["", "no json", "[1]", '{"Records":[{}]}', '{"Records":[{"eventName":"ObjectCreated:Put"}]}',
     '{"source":"aws.ec2","detail":{}}', '{"detail-type":"Object Created","detail":{"bucket":7}}'],
)  # fmt: skip
def test_what_cannot_be_understood_is_left_for_somebody_else(
    store: Store, bench: Bench, message: str
) -> None:
    store.send(message or " ")
    bench.step()
    assert (store.left(), bench.ingests) == (1, [])


def test_only_what_lies_in_the_named_places_is_read(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analyzer.s3.queue.WAIT", 1)
    store.put("in/a.json", trail(record(1)))
    store.put("out/b.json", trail(record(2)))
    bench = Bench(store, tmp_path, f"{store.address}/in")
    for bucket, key in ((store.bucket, "in/a.json"), (store.bucket, "out/b.json"),
                        ("somebody-elses", "in/a.json"), (store.bucket, "in/.x.json")):  # fmt: skip
        store.send(plain(bucket, key))
    bench.step()
    assert bench.ingests == [[f"{store.address}/in/a.json"]]
    assert store.left() == 0
    bench.teller.close()
    bench.client.close()


def test_a_damaged_object_is_taken_as_it_is_and_its_message_goes(
    store: Store, bench: Bench
) -> None:
    store.put("torn.json", trail(record(1), record(2))[:-200])
    store.send(plain(store.bucket, "torn.json"))
    bench.step()
    assert bench.size() == 2
    assert store.left() == 0


def until(ledger: Path, size: int) -> None:
    """Wait for a ledger of that size."""
    for _ in range(600):
        if ledger.exists():
            told = keyledger("audit", "--ledger", str(ledger), "--format", "json").stdout
            if told and json.loads(told)["size"] == size:
                return
        time.sleep(0.1)
    raise AssertionError("nothing of the kind happened")


@contextmanager
def following(store: Store, folder: Path, *arguments: str) -> Iterator[Path]:
    """A follower, which ends by Ctrl-C and says on `stderr` what it did."""
    errors = folder / "stderr"
    with errors.open("ab") as stderr:
        child = subprocess.Popen(
            [*KEYLEDGER, "ingest", "--follow", *arguments],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=stderr,
            env={**os.environ, **ENVIRONMENT, "AWS_ENDPOINT_URL": store.url,
                 "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        try:
            yield folder / "keyledger.db"
            child.send_signal(signal.SIGINT)
            assert child.wait(timeout=30) == ExitCode.INTERRUPTED
        finally:
            child.kill()
            child.wait()


def test_a_queue_is_followed_until_ctrl_c_and_taken_up_again(store: Store, tmp_path: Path) -> None:
    store.put("before.json", trail(record(1)))
    with following(store, tmp_path, store.queue, store.address) as ledger:
        until(ledger, 1)
        store.put("after.json", trail(record(2)))
        store.send(bridged(store.bucket, "after.json"))
        until(ledger, 2)
    store.put("meanwhile.json", trail(record(3)))
    with following(store, tmp_path, store.queue, store.address) as ledger:
        until(ledger, 3)
    assert (tmp_path / "stderr").read_text().count("1 file: 1 record sealed") == 3
    assert store.downloads() == ["before.json", "after.json", "meanwhile.json"]


def test_folders_are_followed_until_ctrl_c(store: Store, tmp_path: Path) -> None:
    store.put("a.json", trail(record(1)))
    with following(store, tmp_path, store.address, "--poll", "0.3") as ledger:
        until(ledger, 1)
        store.put("b.json", trail(record(2)))
        until(ledger, 2)
    assert (tmp_path / "stderr").read_text().count("1 file: 1 record sealed") == 2
    assert store.downloads() == ["a.json", "b.json"]
