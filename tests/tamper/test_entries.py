"""Entries that were edited, replaced or moved, and the break that the audit must name first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.audit import audit
from ledger.hashing import sha256
from ledger.leaves import chain, spelled
from ledger.report import Outcome
from ledger.run import Run
from ledger.segment import SegmentRow, deflate, inflate
from ledger.store import Ledger
from tests.ledger_support import attacker, audited, first_break, make, notes
from tests.tamper.editing import BATCH, LIMIT, SIZE, edit_payload, frame_of, set_frame, set_leaf


def test_a_ledger_left_alone_is_intact(path: Path) -> None:
    report = audited(path)
    assert (report.outcome, report.size, report.breaks) == (Outcome.INTACT, SIZE, ())
    assert report.checked == (0, SIZE - 1)
    assert (report.checkpoints_checked, report.checkpoints_failed) == (10, 0)
    assert notes(report) == ()
    with Ledger.open(path) as ledger:
        head = ledger.head()
        assert (report.root, report.link) == (head.root, head.link)


def test_an_empty_ledger_is_incomplete_not_intact(tmp_path: Path) -> None:
    report = audited(make(tmp_path / "empty.db", []))
    assert (report.outcome, report.size, report.checked) == (Outcome.INCOMPLETE, 0, None)
    report = audited(make(tmp_path / "still-empty.db", [[]]))
    assert (report.outcome, report.checkpoints_checked) == (Outcome.INCOMPLETE, 1)


@pytest.mark.parametrize(("version", "warned"), [("3.51.2", 1), ("3.51.3", 0), ("3.100.0", 0)])
def test_an_audit_warns_of_a_sqlite_that_may_damage_its_log(
    path: Path, monkeypatch: pytest.MonkeyPatch, version: str, warned: int
) -> None:
    monkeypatch.setattr("ledger.audit.SQLITE_VERSION", version)
    report = audited(path)
    assert (report.outcome, report.sqlite_version, len(report.notes)) == ("intact", version, warned)


def test_progress_ends_at_the_end(path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with Ledger.open(path) as ledger:
        audit(ledger, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, SIZE) for done in range(BATCH, SIZE + 1, BATCH)]


@pytest.mark.parametrize("index", [0, 1, 99, 100, 255, 256, 537, 998, 999])
def test_an_edited_payload_is_named_exactly(path: Path, index: int) -> None:
    with attacker(path) as conn:
        edit_payload(conn, index, b"id-%05d|" % index, b"id-x%04d|" % index)
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [(index, "payload")]


@pytest.mark.parametrize("index", [0, 1, 99, 100, 255, 256, 537, 998, 999])
def test_an_edited_leaf_is_a_link_and_not_its_entry(path: Path, index: int) -> None:
    with attacker(path) as conn:
        set_leaf(conn, index, bytes(32))
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [(index, "link")]


def test_edited_payloads_and_leaves_in_one_segment_are_told_apart(path: Path) -> None:
    with attacker(path) as conn:
        edit_payload(conn, 510, b"id-00510|", b"id-x0510|")
        set_leaf(conn, 530, bytes(32))
        edit_payload(conn, 599, b"id-00599|", b"id-x0599|")
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [
        (510, "payload"), (530, "link"), (599, "payload"),
    ]  # fmt: skip


def test_neighbours_are_named_as_one_break(path: Path) -> None:
    with attacker(path) as conn:
        for index in (421, 422, 423):
            edit_payload(conn, index, b"id-%05d|" % index, b"id-x%04d|" % index)
    [found] = audited(path).breaks
    assert (found.index, found.kind.value) == (421, "payload")
    assert "to entry 423" in found.detail


def test_a_tile_of_zeros_is_one_link_break_per_segment(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("UPDATE tiles SET nodes = zeroblob(8192) WHERE level = 0 AND n = 1")
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [
        (256, "link"), (300, "link"), (400, "link"), (500, "link"),
    ]  # fmt: skip


def test_a_missing_tile_is_a_link_break_where_it_begins(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("DELETE FROM tiles WHERE level = 0 AND n = 1")
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [(256, "link")]
    assert report.checkpoints_failed == 0


COLUMN_EDITS: dict[str, Callable[[bytes], bytes]] = {
    "sources": lambda raw: raw[:8] + bytes(32) + raw[40:],
    "first kind": lambda raw: raw[:40] + b"\x03" + raw[41:],
    "first lane": lambda raw: raw[:140] + b"\x01" + raw[141:],
}


@pytest.mark.parametrize("edit", COLUMN_EDITS.values(), ids=COLUMN_EDITS.keys())
def test_edited_columns_are_a_payload_break(path: Path, edit: Callable[[bytes], bytes]) -> None:
    with attacker(path) as conn:
        [(columns,)] = conn.execute("SELECT columns FROM segments WHERE first = 300")
        raw = inflate(columns[1:], at_most=LIMIT)
        packed = columns[:1] + deflate(edit(raw))
        conn.execute("UPDATE segments SET columns = ? WHERE first = 300", (packed,))
    assert first_break(path) == (300, "payload")


def test_an_edited_time_is_a_payload_break_of_the_whole_segment(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("UPDATE segments SET sealed_at = sealed_at + 1 WHERE first = 300")
    [found] = audited(path).breaks
    assert (found.index, found.kind.value) == (300, "payload")
    assert "300 to 399" in found.detail


@pytest.mark.parametrize(("column", "index"), [("previous", 300), ("link", 399)])
def test_an_edited_copy_of_a_leaf_is_a_link_break(path: Path, column: str, index: int) -> None:
    with attacker(path) as conn:
        edit = f"UPDATE segments SET {column} = zeroblob(32)"
        conn.execute(f"{edit} WHERE first = 300")
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [(index, "link")]


def test_swapped_payloads_are_out_of_order(path: Path) -> None:
    with attacker(path) as conn:
        raw = inflate(frame_of(conn, 500, 0), at_most=LIMIT)
        one, other = b"id-00510|value 260100", b"id-00550|value 302500"
        swapped = raw.replace(one, b"?").replace(other, one).replace(b"?", other)
        set_frame(conn, 500, 0, deflate(swapped))
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [
        (510, "order"), (550, "order"),
    ]  # fmt: skip


def test_swapped_segments_are_out_of_order(path: Path) -> None:
    with attacker(path) as conn:
        for table in ("segments", "frames"):
            move = f"UPDATE {table} SET first = "
            conn.execute(f"{move} -1 - first WHERE first IN (300, 600)")
            conn.execute(f"{move} 900 - (-1 - first) WHERE first < 0")
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [
        (300, "order"), (600, "order"),
    ]  # fmt: skip


def test_swapped_contents_of_segments_are_found_behind_mended_links(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute(
            "UPDATE segments SET columns = (SELECT columns FROM segments AS other"
            " WHERE other.first = 900 - segments.first) WHERE first IN (300, 600)"
        )
        conn.execute("UPDATE frames SET first = -1 - first WHERE first IN (300, 600)")
        conn.execute("UPDATE frames SET first = 900 - (-1 - first) WHERE first < 0")
    assert first_break(path) == (300, "payload")


@pytest.mark.parametrize(
    "frame", [b"", b"\x00", deflate(b""), deflate(b"x" * 100_000), deflate(b"x") + b"\0"]
)
def test_a_frame_that_cannot_be_inflated_is_a_payload_break(path: Path, frame: bytes) -> None:
    with attacker(path) as conn:
        set_frame(conn, 300, 1, frame)
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [(301, "payload")]


def test_a_missing_frame_is_a_payload_break_of_its_first_entry(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("DELETE FROM frames WHERE first = 300 AND lane = 0")
    assert first_break(path) == (300, "payload")


def test_frames_that_belong_to_nobody_are_found(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("INSERT INTO frames VALUES (300, 9, x'00'), (350, 0, x'00')")
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [
        (300, "order"), (350, "order"),
    ]  # fmt: skip


@pytest.mark.parametrize("columns", [b"", b"\x02", b"\x01", b"\x01" + deflate(b"")])
def test_columns_that_cannot_be_read_are_a_payload_break(path: Path, columns: bytes) -> None:
    with attacker(path) as conn:
        conn.execute("UPDATE segments SET columns = ? WHERE first = 300", (columns,))
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [(300, "payload")]


def test_an_entry_replaced_with_its_leaf_breaks_the_link_of_the_next(path: Path) -> None:
    with attacker(path) as conn:
        edit_payload(conn, 550, b"id-00550|", b"id-x0550|")
    with Ledger.open(path, readonly=True) as ledger:
        row = ledger.rows.segment_with(550)
        assert row is not None
        leaf = forged_leaf(ledger, row, 550)
    with attacker(path) as conn:
        set_leaf(conn, 550, leaf)
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [
        (551, "link"), (599, "root"), (699, "root"), (799, "root"), (899, "root"), (999, "root"),
    ]  # fmt: skip


def forged_leaf(ledger: Ledger, row: SegmentRow, index: int) -> bytes:
    run = Run(ledger.rows, row)
    place = index - row.first
    [payload] = run.payloads([place])
    columns = run.columns.at(slice(place, place + 1))
    inputs = spelled([index], row.sealed_at, columns, sha256(payload))
    return chain(inputs, ledger.rows.leaves(index - 1, index))[0]
