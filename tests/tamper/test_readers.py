"""What a report lists, and what a reader is handed, when a ledger was tampered with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import BrokenError
from ledger.report import MAX_BREAKS
from ledger.segment import deflate, unpack_columns
from ledger.store import Ledger
from tests.ledger_support import NOW, append, attacker, audited, evidence, make, records
from tests.tamper.editing import SIZE, edit_payload, set_frame, set_leaf


def test_a_schema_break_comes_behind_breaks_of_entries(path: Path) -> None:
    with attacker(path) as conn:
        edit_payload(conn, 510, b"id-00510|", b"id-x0510|")
        conn.execute("UPDATE meta SET origin = 'another'")
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [
        (510, "payload"), (None, "schema"),
    ]  # fmt: skip


def test_a_report_lists_some_breaks_and_counts_the_rest(tmp_path: Path) -> None:
    path = make(tmp_path / "test.db", [records(1, start=i) for i in range(MAX_BREAKS + 20)])
    with attacker(path) as conn:
        conn.execute("UPDATE frames SET payloads = x'00'")
    report = audited(path)
    assert (len(report.breaks), report.more_breaks) == (MAX_BREAKS, 20)


def test_a_reader_is_never_handed_a_forged_entry(path: Path) -> None:
    with attacker(path) as conn:
        edit_payload(conn, 550, b"id-00550|", b"id-x0550|")
        conn.execute("DELETE FROM segments WHERE first = 700")
    with Ledger.open(path) as ledger:
        with pytest.raises(BrokenError) as payload:
            list(ledger.entries())
        with pytest.raises(BrokenError):
            ledger.entry(550)
        with pytest.raises(BrokenError) as gap:
            list(ledger.entries(600))
    assert (payload.value.index, payload.value.kind) == (550, "payload")
    assert (gap.value.index, gap.value.kind) == (700, "gap")


@pytest.mark.parametrize(
    ("forgery", "index", "kind"),
    [
        (lambda conn: edit_payload(conn, 550, b"id-00550|", b"id-x0550|"), 550, "payload"),
        (lambda conn: set_leaf(conn, 550, bytes(32)), 550, "payload"),
        (lambda conn: set_leaf(conn, 549, bytes(32)), 550, "payload"),
        (lambda conn: conn.execute("DELETE FROM tiles WHERE level = 0 AND n = 2"), 500, "link"),
        (lambda conn: conn.execute("DELETE FROM segments WHERE first = 500"), 500, "gap"),
        (lambda conn: set_frame(conn, 500, 0, b"x"), 500, "payload"),
        (lambda conn: set_frame(conn, 500, 0, deflate(b"x")), 500, "payload"),
        (lambda conn: edit_columns(conn, 500, "sealed_at", NOW + 1), 500, "payload"),
        (lambda conn: edit_columns(conn, 500, "columns", b"\x01"), 500, "payload"),
    ],
    ids=["payload", "leaf", "leaf before", "leaves", "segment", "frame", "short frame", "time",
         "columns"],
)  # fmt: skip
def test_a_reader_of_one_lane_is_never_handed_a_forged_entry(
    path: Path, forgery: Callable[[Any], object], index: int, kind: str
) -> None:
    with attacker(path) as conn:
        forgery(conn)
    with Ledger.open(path) as ledger:
        assert len(list(ledger.stretches(0, 500, lanes={0}))) == 5
        for read in (ledger.stretches, ledger.entries):
            with pytest.raises(BrokenError) as caught:
                list(read(500, lanes={0}))
            assert (caught.value.index, caught.value.kind) == (index, kind), read


def edit_columns(conn: Any, first: int, name: str, value: object) -> None:
    conn.execute(f"UPDATE segments SET {name} = ? WHERE first = ?", (value, first))


def test_a_broken_end_is_not_built_upon(path: Path) -> None:
    with attacker(path) as conn:
        set_leaf(conn, SIZE - 1, bytes(32))
    with Ledger.open(path) as ledger, pytest.raises(BrokenError):
        append(ledger, records(1, start=7000))


def test_an_audit_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    audited(path)
    assert path.read_bytes() == before
    assert len(evidence(path)) == SIZE


def test_columns_hold_what_was_offered(path: Path) -> None:
    with Ledger.open(path, readonly=True) as ledger:
        row = ledger.rows.segment_with(300)
        assert row is not None
        columns = unpack_columns(row.columns, row.count)
    assert columns.positions.tolist() == list(range(300, 400))
    assert columns.offsets.tolist() == list(range(30000, 40000, 100))
