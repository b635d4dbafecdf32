"""Bombs: little that inflates to much, alone, inside each other, and in every wrapper."""

from __future__ import annotations

import base64
import gzip
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import zstandard

from ledger.audit import audit
from ledger.report import Outcome
from ledger.store import Ledger
from tests.golden import ROOT
from tests.ingested import ingested, ingested_file, record, spelled, trail

ZEROS = 64 << 20
LIMIT = 1 << 20


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("log.json", data)
    return file.getvalue()


def in_strings(value: Any, depth: int) -> bytes:
    """A JSON text in a JSON text in a JSON text: each level doubles the backslashes."""
    text = json.dumps(value)
    for _ in range(depth):
        text = json.dumps({"message": text})
    return text.encode()


BLANKS = b" " * ZEROS
SUBSCRIPTION = base64.b64encode(gzip.compress(BLANKS, mtime=0)).decode()
BOMBS = {
    "gzip": gzip.compress(BLANKS),
    "zstd": zstandard.ZstdCompressor(level=1).compress(BLANKS),
    "gzip in gzip": gzip.compress(gzip.compress(BLANKS)),
    "zstd in gzip": gzip.compress(zstandard.ZstdCompressor().compress(BLANKS)),
    "gzip in zstd": zstandard.ZstdCompressor().compress(gzip.compress(BLANKS)),
    "many members": gzip.compress(b" " * (1 << 20)) * 64,
    "zip": zipped(BLANKS),
    "zip in zip": zipped(zipped(BLANKS)),
}
"""Of a few kilobytes each; 64 MB inflated."""

WRAPPED = {
    "a subscription": {"awslogs": {"data": SUBSCRIPTION}},
    "many subscriptions": [{"awslogs": {"data": SUBSCRIPTION}} for _ in range(20)],
    "a stream": {"Records": [{"kinesis": {"data": SUBSCRIPTION}}]},
    "a body in a body": {"body": json.dumps({"body": json.dumps({"data": SUBSCRIPTION})})},
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_an_error_of_its_own_source(name: str, tmp_path: Path) -> None:
    """What lies beside it is sealed."""
    (tmp_path / "a.json").write_bytes(trail(record(1)))
    (tmp_path / "bomb").write_bytes(BOMBS[name])
    found = ingested(
        tmp_path, str(tmp_path / "a.json"), str(tmp_path / "bomb"), max_inflated=LIMIT
    ).report
    good, bad = found.sources
    assert (good.appended, good.error) == (1, None)
    assert (bad.records, bad.appended) == (0, 0)
    assert bad.error is not None
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        assert audit(ledger).outcome is Outcome.INTACT


@pytest.mark.parametrize("name", WRAPPED)
def test_a_bomb_in_a_wrapper_costs_no_neighbour_anything(name: str, tmp_path: Path) -> None:
    found = ingested_file(tmp_path, b"\n".join([spelled(record(1)), spelled(WRAPPED[name]),
                                           spelled(record(2))])).only  # fmt: skip
    assert found.appended == 2


@pytest.mark.parametrize("depth", [1, 3, 6, 7, 8, 12])
def test_texts_in_texts_are_followed_so_far_and_no_further(depth: int, tmp_path: Path) -> None:
    data = in_strings(record(1), depth)
    found = ingested_file(tmp_path, data + b"\n" + spelled(record(2))).only
    assert found.appended == 1 + (depth < 8)


def test_a_billion_laughs_of_texts_are_read_once(tmp_path: Path) -> None:
    """Each text holds ten of the next: what is followed is bounded by what was written."""
    text = json.dumps(record(1))
    for _ in range(4):
        text = json.dumps({"Records": [{"message": text} for _ in range(4)]})
    found = ingested_file(tmp_path, text.encode()).only
    assert (found.appended, found.duplicates + found.rejected) == (1, found.records - 1)
    assert found.records <= 4**4


KEYS = ("__class__", "__dict__", "__init__", "__globals__", "__proto__", "constructor", "self", "")


@pytest.mark.parametrize("key", KEYS)
def test_names_of_members_are_names_of_members(key: str, tmp_path: Path) -> None:
    harmful = {key: {key: [key]}}
    odd = record(1, requestParameters=harmful, responseElements=harmful, **{key or "x": "y"})
    found = ingested_file(tmp_path, trail(odd))
    assert found.only.appended == 1
    [payload] = found.payloads()
    assert json.loads(payload) == odd


SMALL = """
import resource, sys
from analyzer.ingest.ingest import ingest
from ledger.store import Ledger
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
with Ledger.create(sys.argv[1], origin="test", now=1) as ledger:
    report = ingest(ledger, sys.argv[2:], clock=lambda: 2, max_inflated=1 << 20)
print(report.totals["appended"])
"""


def test_bombs_fit_into_little_memory(tmp_path: Path) -> None:
    """All of them at once, in a process that may not have a gigabyte."""
    for name, data in BOMBS.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "z.json").write_bytes(trail(record(1)))
    done = subprocess.run(
        [sys.executable, "-c", SMALL, str(tmp_path / "small.db"), str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
