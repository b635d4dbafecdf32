"""Ingest: however records come, the same ones end up in the ledger."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.ingest.ingest import ingest
from ledger.audit import audit
from ledger.entry import Kind
from ledger.report import Outcome
from ledger.store import Ledger
from tests.ingested import ingested, lines, record, spelled, trail

RECORDS = [
    *(record(number) for number in range(6)),
    record(0, recipientAccountId="444455556666"),
    record(1, eventID=...),
    record(2, eventSource="s3.amazonaws.com"),
    record(3, eventTime=...),
]


def _envelope(detail: Any) -> Any:
    kind = "AWS API Call via CloudTrail"
    return {"id": "x", "detail-type": kind, "source": "aws.kms", "detail": detail}


FORMS: list[Callable[..., bytes]] = [
    trail,
    lines,
    lambda *found: gzip.compress(trail(*found)),
    lambda *found: b"[%b]" % b",".join(map(spelled, found)),
    lambda *found: lines(*map(_envelope, found)),
    lambda *found: spelled({"Events": [{"CloudTrailEvent": json.dumps(each)} for each in found]}),
    lambda *found: json.dumps({"Records": found}, indent=1).encode(),
]
deliveries = st.lists(
    st.tuples(st.sampled_from(FORMS), st.lists(st.sampled_from(RECORDS), max_size=6)), max_size=5
)


@given(deliveries, st.data())
@settings(max_examples=25, deadline=None)
def test_any_order_any_split_and_any_repetition_seal_the_same_values(
    parts: list[tuple[Callable[..., bytes], list[Any]]], drawn: st.DataObject
) -> None:
    everything = [each for _, found in parts for each in found]
    whole = _sealed([[trail(*everything)]] if everything else [])
    files = [form(*found) for form, found in drawn.draw(st.permutations(parts))]
    again = drawn.draw(st.lists(st.sampled_from(files), max_size=2)) if files else []
    cut = drawn.draw(st.integers(0, len(files)))
    assert _sealed([files[:cut], files[cut:], again]) == whole


def _sealed(ingests: list[list[bytes]]) -> set[str]:
    """Ingest some files at a time; return the values that were sealed as records.

    A set, because two spellings of a record without an id are two records.
    """
    found: set[str] = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, files in enumerate(ingests):
            paths = [folder / f"{number}-{index}" for index in range(len(files))]
            for path, data in zip(paths, files, strict=True):
                path.write_bytes(data)
            entries = ingested(folder, *map(str, paths)).entries
            found = {
                json.dumps(json.loads(entry.payload or b""), sort_keys=True)
                for entry in entries
                if entry.header.kind is Kind.RECORD
            }
            assert not any(entry.header.kind is Kind.CONFLICT for entry in entries)
    return found


@given(st.integers(1, 30), st.integers(1, 7))
@settings(max_examples=25, deadline=None)
def test_an_ingest_that_dies_anywhere_is_completed_by_the_next(at: int, batch: int) -> None:
    """The clock is read before each batch: it dies there, as a process that is killed does."""
    data = lines(*(record(number) for number in range(25)), b"stray", record(30, eventTime=...))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source"
        source.write_bytes(data)
        with Ledger.create(folder / "ledger.db", origin="test", now=1) as ledger:
            _die(ledger, source, at, batch)
            assert audit(ledger).outcome in (Outcome.INTACT, Outcome.INCOMPLETE)
        found = ingested(folder, str(source))
        assert found.only.appended + found.only.duplicates == 25
        assert found.only.rejected == 2
        assert sorted(found.payloads()) == sorted(spelled(record(n)) for n in range(25))
        assert len(found.payloads(Kind.REJECT)) == 2


class _KilledError(Exception):
    pass


def _die(ledger: Ledger, source: Path, at: int, batch: int) -> None:
    """Ingest the first lines of a source again and again, and die at the clock's tick *at*."""
    ticks = iter(range(1, at + 1))

    def clock() -> int:
        now = next(ticks, None)
        if now is None:
            raise _KilledError
        return now

    part = source.with_name("part")
    found = source.read_bytes().splitlines(keepends=True)
    try:
        for end in range(batch, len(found) + batch, batch):
            part.write_bytes(b"".join(found[:end]))
            ingest(ledger, [str(part)], clock=clock)
    except _KilledError:
        pass
    finally:
        part.unlink(missing_ok=True)
