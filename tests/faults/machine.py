"""What tests of a failing machine share."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from ledger.errors import LedgerUnwritableError
from ledger.store import Ledger
from tests.ledger_support import append, records

ROOT = Path(__file__).parents[2]


WRITER = """
import sys
from tests.ledger_support import *
path, first, batches, size = sys.argv[1], *map(int, sys.argv[2:])
with Ledger.create(path, origin="tests", now=NOW, exist_ok=True) as ledger:
    print("open", flush=True)
    for start in range(first, first + batches * size, size):
        append(ledger, records(size, start=start))
        print(start + size, flush=True)
"""


def start_writer(
    path: Path, *, first: int = 0, batches: int, size: int, **options: Any
) -> subprocess.Popen[str]:
    """Append distinct records in another process, which prints what was acknowledged."""
    numbers = [str(number) for number in (first, batches, size)]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), *numbers],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        **options,
    )


def acknowledged(writer: subprocess.Popen[str]) -> list[int]:
    """Wait for a writer's end; returns what it acknowledged."""
    output, errors = writer.communicate(timeout=60)
    assert writer.returncode in {0, -signal.SIGKILL}, errors
    return [int(line) for line in output.splitlines() if line.isdigit()]


def fill(ledger: Ledger) -> int:
    """Append until there is no room; returns what was acknowledged."""
    noise = random.Random(5)
    for start in range(0, 10_000, 20):
        batch = [
            each._replace(payload=each.payload + noise.randbytes(2000))
            for each in records(20, start=start)
        ]
        try:
            append(ledger, batch)
        except LedgerUnwritableError:
            return start
    raise AssertionError


PRELUDE = """
import os
import resource
import sys
import pytest
from ledger.errors import *
from ledger.report import Outcome
from tests.ledger_support import *
from tests.faults.machine import fill
path = Path(sys.argv[1])
"""


def run(code: str, path: Path) -> str:
    """Run code in another process; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + code, str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout
