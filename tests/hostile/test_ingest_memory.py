"""Memory does not grow with the size of a source: measured in a process of its own."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.golden import ROOT
from tests.ingested import record, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RUN = """
import json, sys
from analyzer.ingest.ingest import ingest
from ledger.store import Ledger
from tests.peak import peak_bytes
with Ledger.create(sys.argv[1], origin="test", now=1) as ledger:
    report = ingest(ledger, sys.argv[2:], clock=lambda: 2)
print(json.dumps({"peak": peak_bytes(), **report.totals, "errors": report.has_errors}))
"""
MOST_BYTES = 250 << 20


def records(size: int, **changes: str) -> Iterator[bytes]:
    """Distinct records, some *size* bytes of them."""
    template = spelled(record(0, eventID="#", **changes))
    number = 0
    while size > 0:
        made = template.replace(b'"#"', b'"%d"' % number)
        size -= len(made)
        number += 1
        yield made


def as_lines(found: Iterator[bytes]) -> Iterator[bytes]:
    for each in found:
        yield each + b"\n"


def as_trail(found: Iterator[bytes]) -> Iterator[bytes]:
    yield b'{"Records":[' + next(found)
    for each in found:
        yield b"," + each
    yield b"]}"


def measured(folder: Path, parts: Iterator[bytes], opener: Callable[..., object]) -> dict[str, int]:
    """Ingest one file and return the totals and the peak of the memory, in bytes."""
    path = folder / "source"
    with path.open("wb") as file:
        out = file if opener is open else gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1)
        out.writelines(parts)
        out.close()
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(folder / "ledger.db"), str(path)],
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    totals: dict[str, int] = json.loads(done.stdout)
    return totals


@pytest.mark.parametrize("form", [as_lines, as_trail])
@pytest.mark.parametrize("opener", [open, gzip.open], ids=["plain", "gzip"])
def test_a_source_larger_than_memory_streams(
    form: Callable[[Iterator[bytes]], Iterator[bytes]],
    opener: Callable[..., object],
    tmp_path: Path,
) -> None:
    size = 130 << 20
    found = measured(tmp_path, form(records(size, eventSource="s3.amazonaws.com")), opener)
    assert found["records"] > 100_000
    assert found["skipped"] == found["records"]
    assert not found["errors"]
    assert found["peak"] < MOST_BYTES


def test_damage_in_a_large_source_streams_too(tmp_path: Path) -> None:
    def torn() -> Iterator[bytes]:
        for number, each in enumerate(records(100 << 20, eventSource="s3.amazonaws.com")):
            yield each[:-9] + b"\n" if number % 5000 == 77 else each + b"\n"

    found = measured(tmp_path, torn(), open)
    assert found["rejected"] == -(-(found["records"] - 77) // 5000)
    assert found["skipped"] == found["records"] - found["rejected"]
    assert found["peak"] < MOST_BYTES


def test_garbage_is_not_held(tmp_path: Path) -> None:
    garbage = (b"no record, %d times\n" % number * 1000 for number in range(6000))
    found = measured(tmp_path, garbage, open)
    assert (found["records"], found["errors"]) == (0, True)
    assert found["peak"] < MOST_BYTES


@pytest.mark.long
@pytest.mark.parametrize("form", [as_lines, as_trail])
def test_a_gigabyte_of_records_is_sealed_in_little_memory(
    form: Callable[[Iterator[bytes]], Iterator[bytes]], tmp_path: Path
) -> None:
    found = measured(tmp_path, form(records(1 << 30)), open)
    assert found["appended"] == found["records"] > 1_000_000
    assert found["peak"] < 300 << 20
