"""Whoever is killed in the middle leaves a ledger that is whole."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ledger.audit import audit
from ledger.report import Outcome
from ledger.store import Ledger
from tests.faults.machine import ROOT, acknowledged, start_writer
from tests.ledger_support import NOW, append, audited, copy, erase, evidence, make, records

KILLS = 12


@pytest.mark.parametrize("kills", [KILLS, pytest.param(200, marks=pytest.mark.once)])
def test_a_killed_writer_loses_nothing_that_was_acknowledged(tmp_path: Path, kills: int) -> None:
    """Killed at random again and again, and then left to finish: as if never killed."""
    path = tmp_path / "killed.db"
    chance = random.Random(2)
    size, sealed = 40, 0
    for _ in range(kills):
        writer = start_writer(path, first=sealed, batches=60, size=size)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        time.sleep(chance.uniform(0, 0.08))
        writer.send_signal(signal.SIGKILL)
        done = max([sealed, *acknowledged(writer)])
        report = audited(path)
        sealed = report.size
        assert sealed >= done
        assert sealed % size == 0  # a batch is sealed whole or not at all
        assert report.outcome is (Outcome.INTACT if sealed else Outcome.INCOMPLETE)
    last = acknowledged(start_writer(path, first=sealed, batches=2, size=size))[-1]
    undisturbed = make(tmp_path / "undisturbed.db", [records(last)])
    assert evidence(path) == evidence(undisturbed)


ERASER = """
import sys
from tests.ledger_support import *
with Ledger.open(sys.argv[1]) as ledger:
    print("open", flush=True)
    erase(ledger, 3)
    print("erased", flush=True)
"""


def test_a_redaction_killed_at_any_moment_is_whole_or_not_there(tmp_path: Path) -> None:
    """And the same again, or clearing what it left, leaves no byte of the payload."""
    chance = random.Random(4)
    secret = chance.randbytes(300).hex().encode()
    batch = records(2000)
    batch[3] = batch[3]._replace(payload=batch[3].payload + secret)
    base = make(tmp_path / "base.db", [batch])
    for number in range(6):
        path = copy(base, tmp_path / f"killed-{number}.db")
        eraser = subprocess.Popen(
            [sys.executable, "-c", ERASER, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert eraser.stdout is not None
        assert eraser.stdout.readline() == "open\n"
        time.sleep(chance.uniform(0, 0.06))
        eraser.kill()
        said, _ = eraser.communicate(timeout=60)
        report = audited(path)
        assert report.outcome is Outcome.INTACT
        assert report.redacted in ((), (3,))
        assert report.redacted == (3,) or "erased" not in said
        with Ledger.open(path) as ledger:
            erase(ledger, *({3} - set(report.redacted)))
        left = b"".join(each.read_bytes() for each in tmp_path.glob(f"killed-{number}.db*"))
        assert not any(secret[at : at + 20] in left for at in range(0, len(secret) - 20, 10))
        assert audited(path).redacted == (3,)


def test_a_creation_killed_at_any_moment_can_be_repeated(tmp_path: Path) -> None:
    path = tmp_path / "killed.db"
    for delay in (0.1, 0.13, 0.16, 0.2, 0.25):
        writer = start_writer(path, batches=0, size=1)
        time.sleep(delay)
        writer.kill()
        writer.communicate()
    with Ledger.create(path, origin="tests", now=NOW, exist_ok=True) as ledger:
        append(ledger, records(3))
        assert audit(ledger).outcome is Outcome.INTACT


def test_a_ledger_is_whole_together_with_its_log(tmp_path: Path) -> None:
    """What a kill leaves: a file and its log, and no process that knows of them."""
    path = make(tmp_path / "test.db", [records(3)])
    with Ledger.open(path) as ledger:
        append(ledger, records(3, start=3))
        for name in ("test.db", "test.db-wal"):
            shutil.copyfile(tmp_path / name, tmp_path / f"copy-{name}")
    report = audited(tmp_path / "copy-test.db")
    assert (report.outcome, report.size) == (Outcome.INTACT, 6)
