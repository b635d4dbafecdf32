"""Bad input: a clear error that says where, the rest processed, the ledger intact."""

from __future__ import annotations

import gzip
import os
import random
import sys
import time
from typing import TYPE_CHECKING

import pytest

from analyzer.cloudtrail.record import load
from ledger.audit import audit
from ledger.entry import Kind
from ledger.report import Outcome
from ledger.store import Ledger
from tests.ingested import Ingested, ingested, items, lines, record, slices, spelled, trail

if TYPE_CHECKING:
    from pathlib import Path

GOOD = trail(record(1), record(2))
PACKED = gzip.compress(trail(*(record(number) for number in range(10, 500))))


def beside_good(folder: Path, bad: bytes | None, name: str = "bad") -> Ingested:
    """Ingest a bad source between two good ones, and audit what came of it."""
    (folder / "a.json").write_bytes(GOOD)
    (folder / "z.json").write_bytes(trail(record(3)))
    if bad is not None:
        (folder / name).write_bytes(bad)
    found = ingested(folder, *(str(folder / each) for each in ("a.json", name, "z.json")))
    first, middle, last = found.report.sources
    assert (first.appended, last.appended) == (2, 1)
    assert (first.error, last.error) == (None, None)
    assert middle.source == str(folder / name)
    with Ledger.open(folder / "ledger.db") as ledger:
        assert audit(ledger).outcome is Outcome.INTACT
    return found


UNUSABLE = {
    "not JSON": (b"this is a text\nwith lines\n", "unexpected 't' at byte 0"),
    "empty": (b"", "empty"),
    "blank": (b" \n\0\n ", "empty"),
    "an empty gzip": (gzip.compress(b""), "empty"),
    "binary": (random.Random(5).randbytes(100_000), "not JSON"),
    "an image": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "byte 0x89 at byte 0"),
    "XML": (b"<ListBucketResult><Name>x</Name></ListBucketResult>", "unexpected '<' at byte 0"),
    "a gzip of text": (gzip.compress(b"hello there"), "not JSON"),
    "a gzip that ends in its header": (b"\x1f\x8b\x08\x00\x00", "ends too early at byte 5"),
    "a gzip of noise": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + b"\xff" * 99, "damaged"),
    "one that begins a value and ends": (b'{"a": [1, 2', "ends inside"),
    "a truncated gzip of nothing": (gzip.compress(b" " * 1000)[:15], "gzip"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_source_of_which_nothing_can_be_used_has_its_error_and_no_records(
    name: str, tmp_path: Path
) -> None:
    data, expected = UNUSABLE[name]
    found = beside_good(tmp_path, data)
    bad = found.report.sources[1]
    assert bad.records == 0
    assert bad.error is not None
    assert expected in bad.error
    assert bad.error.isprintable()
    assert found.report.size == 3


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    bad = beside_good(tmp_path, None).report.sources[1]
    assert (bad.error, bad.sha256) == ("there is no such file", None)


def test_a_directory_without_logs_is_told(tmp_path: Path) -> None:
    (tmp_path / "logs" / "2026" / "01").mkdir(parents=True)
    bad = beside_good(tmp_path, None, "logs").report.sources[1]
    assert bad.error == "there are no files in this directory"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(GOOD)
    (tmp_path / "secret").chmod(0)
    bad = beside_good(tmp_path, None, "secret").report.sources[1]
    assert "Permission denied" in (bad.error or "")


@pytest.mark.skipif(sys.platform != "linux", reason="a file that fails to be read, anywhere")
def test_a_file_that_fails_while_it_is_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad").symlink_to("/proc/self/mem")
    bad = beside_good(tmp_path, None).report.sources[1]
    assert "cannot be read: Input/output error" in (bad.error or "")


def test_a_bomb_is_refused_before_anything_of_it_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(lines(*(record(n) for n in range(5))) + b" " * 5_000_000))
    found = ingested(tmp_path, str(path), max_inflated=1_000_000)
    assert found.only.records == 0
    assert "1000000" in (found.only.error or "")
    assert "--max-inflated" in (found.only.error or "")
    assert ingested(tmp_path, str(path), max_inflated=10_000_000).only.appended == 5


def test_a_truncated_gzip_keeps_what_is_whole(tmp_path: Path) -> None:
    found = beside_good(tmp_path, PACKED[: len(PACKED) * 3 // 4])
    bad = found.report.sources[1]
    assert bad.appended > 100
    assert bad.rejected == 1
    assert f"the gzip stream ends too early at byte {len(PACKED) * 3 // 4}" in (bad.error or "")


RECORDS = {
    "without eventTime": (record(9, eventTime=...), 0),
    "100 kB": (record(9, requestParameters={"blob": "é" * 50_000}), 1),
    "deep": (record(9, requestParameters=[[[[[[{"a": [[[[[]]]]]}]]]]]]), 1),
    "too deep": (b'{"eventTime":' + b"[" * 200_000 + b"]" * 200_000 + b"}", 0),
    "duplicate keys": (spelled(record(9))[:-1] + b',"awsRegion":"x","awsRegion":"y"}', 1),
    "huge integers": (record(9, requestParameters={"n": 10**4000}), 1),
    "an integer longer than Python reads": (
        spelled(record(9, requestParameters="N")).replace(b'"N"', b"9" * 100_000),
        1,
    ),
    "invalid UTF-8": (spelled(record(9)).replace(b"aws-cli", b"aws\xc3\x28"), 0),
    "overlong UTF-8": (spelled(record(9)).replace(b"aws-cli", b"aws\xc0\x80"), 0),
    "a surrogate in UTF-8": (spelled(record(9)).replace(b"aws-cli", b"\xed\xa0\x80"), 0),
    "raw control characters": (spelled(record(9)).replace(b"aws-cli", b"\x1b[2J\x07"), 0),
    "a raw line break": (spelled(record(9)).replace(b"aws-cli", b"aws\ncli"), 0),
    "escaped control characters": (record(9, userAgent="\x1b]0;owned\x07\x00\x9b"), 1),
    "Rich markup": (record(9, userAgent="[bold red]x[/] [link=file:///etc/passwd]y[/link]"), 1),
    "5 MB": (record(9, requestParameters={"blob": "x" * 5_000_000}), 0),
    "NaN": (spelled(record(9, n="N")).replace(b'"N"', b"NaN"), 0),
    "a number in a record's place": (b"17", 0),
    "null in a record's place": (b"null", 0),
    "a list in a record's place": (b"[[]]", 0),
}


@pytest.mark.parametrize("name", RECORDS)
def test_an_odd_record_is_sealed_or_rejected_verbatim_and_its_neighbours_are_sealed(
    name: str, tmp_path: Path
) -> None:
    odd, admitted = RECORDS[name]
    payload = odd if isinstance(odd, bytes) else spelled(odd)
    found = beside_good(tmp_path, trail(record(4), payload, record(5)))
    bad = found.report.sources[1]
    assert bad.appended == 2 + admitted
    assert bad.rejected == 1 - admitted
    kept = found.payloads(Kind.RECORD if admitted else Kind.REJECT)
    assert payload in kept or payload == b"[[]]"
    for note in found.notes.values():
        assert note.isprintable()
    if admitted:
        assert load(payload)["eventName"] == "DisableKey"


HOSTILE = {
    "brackets": b"[" * 100_000,
    "balanced brackets": b"[" * 100_000 + b"]" * 100_000,
    "objects": b'{"a":' * 100_000,
    "braces": b"{" * 100_000,
    "braces and quotes": b'{"' * 100_000,
    "quotes": b'"' * 1_000_000,
    "backslashes": b'"' + b"\\" * 1_000_000,
    "lists of objects": b'[{"a":' * 100_000,
    "closed objects in open ones": b'{"a":{"b":1},' * 50_000,
    "heads": b'{"Records":[' * 50_000,
    "heads in text": b'"{"Records":[' * 10_000,
    "events in events": b'{"Events":[{"CloudTrailEvent":' * 50_000,
    "commas": b"," * 1_000_000,
    "closing": b"]}" * 500_000,
    "lines": b"\n{" * 100_000,
    "names": b'"eventName":' * 100_000,
    "almost records": b'{"Records":[{"eventTime":"x"},' * 20_000,
    "swallowed": b'{"Records":[' + b'{"a":[1,{"a":[' * 20_000 + b"]}]}" * 20_000,
    "timestamps": b"2026-01-08T03:00:00.000Z " * 50_000,
    "magic": b"\x1f\x8b\x08\x00" * 200_000,
    "zstd magic": b"\x28\xb5\x2f\xfd" * 200_000,
    "wrappers": b'{"detail":' * 2000 + b"{}" + b"}" * 2000,
    "lists in lists": b"[" * 500 + b",".join([b"[[]]"] * 10_000) + b"]" * 500,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear_in_hostile_bytes(name: str, tmp_path: Path) -> None:
    """Nothing asserts a time; a quadratic reader would take hours over one of these."""
    beside_good(tmp_path, HOSTILE[name])


def test_records_behind_hostile_bytes_are_found(tmp_path: Path) -> None:
    for start in (b'{"a":' * 20_000, b"[" * 20_000, b'"' * 20_001, b'{"' * 20_001):
        found = items(start + b"\n" + lines(record(1), record(2)))
        assert slices(found) == [spelled(record(1)), spelled(record(2))], start[:8]


def test_many_sources_with_one_record_each_are_one_matter_of_seconds(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(2000):
        (folder / f"{number:05}.json").write_bytes(trail(record(number)))
    began = time.monotonic()
    found = ingested(tmp_path, str(folder))
    assert found.report.totals["appended"] == 2000
    assert [source.appended for source in found.report.sources] == [1] * 2000
    assert time.monotonic() - began < 60  # one commit for each would take minutes
