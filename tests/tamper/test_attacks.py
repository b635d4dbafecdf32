"""Every way to tamper that we know of, and the break that the audit must name first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.audit import audit
from ledger.errors import BrokenError
from ledger.hashing import sha256
from ledger.leaves import chain, spelled
from ledger.report import MAX_BREAKS, Outcome
from ledger.run import Run
from ledger.segment import SegmentRow, deflate, inflate, unpack_columns
from ledger.store import Ledger
from tests.ledger_support import (
    NOW,
    append,
    attacker,
    audited,
    copy,
    evidence,
    first_break,
    make,
    notes,
    records,
)

SIZE = 1000
BATCH = 100
LIMIT = 1 << 20


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand entries in ten segments, each with two lanes and a checkpoint."""
    path = tmp_path_factory.mktemp("audit") / "made.db"
    return make(path, [records(BATCH, start=start) for start in range(0, SIZE, BATCH)])


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return copy(made, tmp_path / "test.db")


def set_node(conn: Any, level: int, place: int, node: bytes) -> None:
    key = (level, place // 256)
    [(nodes,)] = conn.execute("SELECT nodes FROM tiles WHERE level = ? AND n = ?", key)
    at = place % 256 * 32
    edited = nodes[:at] + node + nodes[at + 32 :]
    conn.execute("UPDATE tiles SET nodes = ? WHERE level = ? AND n = ?", (edited, *key))


def set_leaf(conn: Any, index: int, leaf: bytes) -> None:
    set_node(conn, 0, index, leaf)


def frame_of(conn: Any, first: int, lane: int) -> bytes:
    [(frame,)] = conn.execute(
        "SELECT payloads FROM frames WHERE first = ? AND lane = ?", (first, lane)
    )
    return bytes(frame)


def set_frame(conn: Any, first: int, lane: int, frame: bytes) -> None:
    conn.execute(
        "UPDATE frames SET payloads = ? WHERE first = ? AND lane = ?", (frame, first, lane)
    )


def edit_payload(conn: Any, index: int, old: bytes, new: bytes) -> None:
    """Change bytes of one entry, and compress the frame again as an attacker would."""
    first, lane = index - index % BATCH, int(index % 5 != 0)
    raw = inflate(frame_of(conn, first, lane), at_most=LIMIT)
    assert raw.count(old) == 1
    assert len(old) == len(new)
    set_frame(conn, first, lane, deflate(raw.replace(old, new)))


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


def test_a_removed_segment_in_the_middle_is_a_gap(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("DELETE FROM segments WHERE first = 400")
        conn.execute("DELETE FROM frames WHERE first = 400")
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [(400, "gap")]
    assert "400 to 499" in report.breaks[0].detail


@pytest.mark.parametrize("far", [1 << 32, 1 << 62, (1 << 63) - 100, (1 << 63) - 1])
@pytest.mark.parametrize("first", [400, 900])
def test_a_segment_moved_far_away_is_a_gap_and_takes_no_time(
    path: Path, first: int, far: int
) -> None:
    with attacker(path) as conn:
        conn.execute("UPDATE segments SET first = ? WHERE first = ?", (far, first))
    assert first_break(path) == (first, "gap")


@pytest.mark.parametrize("count", [-1, 0, 101, 4097, 1 << 40, (1 << 63) - 1])
def test_a_segment_that_claims_another_count_is_a_payload_break(path: Path, count: int) -> None:
    with attacker(path) as conn:
        conn.execute("UPDATE segments SET count = ? WHERE first = 400", (count,))
    assert first_break(path) == (400, "payload")


def test_a_removed_segment_at_the_beginning_is_a_gap(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("DELETE FROM segments WHERE first = 0")
    assert first_break(path) == (0, "gap")


def test_a_cut_tail_is_seen_by_what_it_leaves(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("DELETE FROM segments WHERE first >= 800")
    report = audited(path)
    assert {(found.index, found.kind.value) for found in report.breaks} == {(800, "truncated")}
    assert report.checkpoints_failed == 2


def cut_to(conn: Any, size: int) -> None:
    """Cut segments, frames and tiles to a size, as if the rest had never been."""
    conn.execute("DELETE FROM segments WHERE first >= ?", (size,))
    conn.execute("DELETE FROM frames WHERE first >= ?", (size,))
    for level in range(3):
        last, held = divmod(size >> 8 * level, 256)
        conn.execute("DELETE FROM tiles WHERE level = ? AND n > ?", (level, last))
        conn.execute(
            "UPDATE tiles SET nodes = substr(nodes, 1, ?) WHERE level = ? AND n = ?",
            (32 * max(held, 1), level, last),
        )
        if not held:
            conn.execute("DELETE FROM tiles WHERE level = ? AND n = ?", (level, last))


def test_a_tail_cut_with_care_is_seen_by_a_checkpoint(path: Path) -> None:
    with attacker(path) as conn:
        cut_to(conn, 800)
    report = audited(path)
    assert {(found.index, found.kind.value) for found in report.breaks} == {(800, "truncated")}
    assert (report.checkpoints_checked, report.checkpoints_failed) == (10, 2)


def test_a_tail_cut_with_its_checkpoints_is_seen_by_nobody_inside(path: Path) -> None:
    """What README says it does not prove: only a checkpoint kept elsewhere sees this."""
    with attacker(path) as conn:
        cut_to(conn, 800)
        conn.execute("DELETE FROM checkpoints WHERE size > 800")
    report = audited(path)
    assert (report.outcome, report.size) == (Outcome.INTACT, 800)


def test_entries_appended_behind_a_cut_contradict_the_checkpoints(path: Path) -> None:
    with attacker(path) as conn:
        cut_to(conn, 800)
    with Ledger.open(path) as ledger:
        append(ledger, records(200, start=5000))
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [
        (899, "root"), (999, "root"),
    ]  # fmt: skip


@pytest.mark.parametrize("place", [0, 2])
def test_a_wrong_node_is_a_root_break_where_its_leaves_begin(path: Path, place: int) -> None:
    with attacker(path) as conn:
        set_node(conn, 1, place, bytes(32))
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [(256 * place, "root")]


@pytest.mark.parametrize("level", [1, 2])
def test_stored_nodes_of_entries_that_are_not_there_are_a_truncation(
    path: Path, level: int
) -> None:
    with attacker(path) as conn:
        conn.execute("INSERT INTO tiles VALUES (?, 1, zeroblob(32))", (level,))
    assert first_break(path) == (SIZE, "truncated")


CHECKPOINTS = {
    "another root": "replace(note, substr(note, 12, 4), 'AAAA')",
    "another origin": "replace(note, 'tests', 'other')",
    "another size": "replace(note, '500', '501')",
    "another spelling": "note || 'x'",
}


@pytest.mark.parametrize("note", CHECKPOINTS.values(), ids=CHECKPOINTS.keys())
def test_a_checkpoint_that_does_not_fit_is_a_root_break(path: Path, note: str) -> None:
    with attacker(path) as conn:
        edit = f"UPDATE checkpoints SET note = {note}"
        conn.execute(f"{edit} WHERE size = 500")
    report = audited(path)
    assert [(found.index, found.kind.value) for found in report.breaks] == [(499, "root")]
    assert (report.checkpoints_checked, report.checkpoints_failed) == (10, 1)


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
