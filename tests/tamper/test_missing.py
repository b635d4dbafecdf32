"""What was removed, cut off, or put on top: segments, tails, nodes, checkpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.report import Outcome
from ledger.store import Ledger
from tests.ledger_support import append, attacker, audited, first_break, records
from tests.tamper.editing import SIZE, set_node


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
