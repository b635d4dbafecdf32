"""Derived tables may be missing, damaged, stale or forged: nothing is lost, nothing is blocked."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ledger.admission import Admit, Candidate, Duplicate
from ledger.batch import prepare
from ledger.connection import PAGE_BYTES
from ledger.derived import Derived, Source
from ledger.entry import Kind
from ledger.errors import LedgerError
from ledger.hashing import Digest
from ledger.identities import IdentityIndex
from ledger.report import Outcome
from ledger.schema import DERIVED
from ledger.store import Ledger
from tests.ledger_support import (
    NOW,
    SOURCE,
    append,
    attacker,
    audited,
    content,
    copy,
    identify,
    notes,
    record,
    records,
    sqlite3,
)

STALE = "the index of identities is not whole; the next append rebuilds it"
REJECT = Candidate(
    kind=Kind.REJECT, source=SOURCE, position=0, offset=0, payload=b"?", note="no record"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("derived") / "made.db"
    with Ledger.create(path, origin="tests", now=NOW) as ledger:
        for start in range(0, 500, 100):
            ledger.append(
                [*records(100, start=start), REJECT],
                sealed_at=NOW,
                identify=identify,
                content=content,
                sources=[Source(digest=SOURCE, name="a", recorded_at=NOW)],
            )
        append(ledger, [record(b"id-00007|other")])
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return copy(made, tmp_path / "test.db")


def require_whole(path: Path) -> None:
    """Opening, reading and appending go on, and still nothing is sealed twice."""
    assert audited(path).outcome is Outcome.INTACT
    with Ledger.open(path) as ledger:
        assert len(list(ledger.entries())) == 502
        assert ledger.sources() in {(), (Source(digest=SOURCE, name="a", recorded_at=NOW),)}
        assert ledger.notes() in ({}, {100: "no record"})
        assert len(ledger.spans()) == 6
        again = append(ledger, [*records(500), record(b"id-00007| other"), REJECT])
        assert all(isinstance(admission, Duplicate) for admission in again)
        assert append(ledger, records(1, start=9000)) == (Admit(502),)
    report = audited(path)
    assert (report.outcome, report.size, notes(report)) == (Outcome.INTACT, 503, ())


def damage(path: Path, name: str) -> None:
    """Overwrite the table's page behind SQLite's back, as a failing disk would."""
    with closing(sqlite3.connect(str(path))) as conn:
        [(root,)] = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,))
    whole = bytearray(path.read_bytes())
    whole[(root - 1) * PAGE_BYTES : root * PAGE_BYTES] = b"\xa5" * PAGE_BYTES
    path.write_bytes(whole)


def test_a_ledger_left_alone_is_whole(path: Path) -> None:
    assert notes(audited(path)) == ()
    require_whole(path)


@pytest.mark.parametrize("name", DERIVED)
def test_a_missing_table_is_made_anew(path: Path, name: str) -> None:
    with attacker(path) as conn:
        conn.execute(f"DROP TABLE {name}")
    require_whole(path)


@pytest.mark.parametrize("name", DERIVED)
def test_a_table_of_another_shape_is_replaced(path: Path, name: str) -> None:
    with attacker(path) as conn:
        conn.execute(f"DROP TABLE {name}")
        conn.execute(f"CREATE TABLE {name} (first, count, checksum, note, digest, name)")
        conn.execute(f"INSERT INTO {name} VALUES ('x', 'x', 'x', 'x', 'x', 'x')")
    require_whole(path)


@pytest.mark.parametrize("name", DERIVED)
def test_a_damaged_table_is_thrown_away_and_rebuilt(path: Path, name: str) -> None:
    damage(path, name)
    require_whole(path)


def test_all_derived_tables_damaged_at_once_are_rebuilt(path: Path) -> None:
    for name in DERIVED:
        damage(path, name)
    require_whole(path)


def test_names_of_sources_are_kept_in_a_healed_table(path: Path) -> None:
    damage(path, "derived_sources")
    named = Source(digest=SOURCE, name="b", recorded_at=NOW)
    with Ledger.open(path) as ledger:
        ledger.record_source(named)
        assert ledger.sources() == (named,)


def test_a_view_in_the_place_of_a_table_is_replaced(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("DROP TABLE derived_notes")
        conn.execute("CREATE VIEW derived_notes AS SELECT 1 AS entry, 'x' AS note WHERE 0")
    require_whole(path)


INDEX_EDITS = {
    "gone": "DELETE FROM derived_identities",
    "lagging": "DELETE FROM derived_identities WHERE first > 200",
    "a hole": "DELETE FROM derived_identities WHERE first = 0",
    "too far": "UPDATE derived_identities SET count = count + 5 WHERE first > 200",
    "nothing in it": "UPDATE derived_identities SET count = 0",
    "damaged prefixes": "UPDATE derived_identities SET prefixes = x'00'",
    "damaged places": "UPDATE derived_identities SET places = x'00'",
    "a wrong checksum": "UPDATE derived_identities SET checksum = 0",
    "no numbers": "UPDATE derived_identities SET first = first + 1",
}


@pytest.mark.parametrize("edit", INDEX_EDITS.values(), ids=INDEX_EDITS.keys())
def test_an_index_that_does_not_fit_is_rebuilt(path: Path, edit: str) -> None:
    with attacker(path) as conn:
        conn.execute(edit)
    require_whole(path)


@pytest.mark.parametrize("edit", ["gone", "lagging", "a hole", "too far"])
def test_an_audit_says_that_the_index_is_not_whole(path: Path, edit: str) -> None:
    with attacker(path) as conn:
        conn.execute(INDEX_EDITS[edit])
    report = audited(path)
    assert (report.outcome, notes(report)) == (Outcome.INTACT, (STALE,))


def test_a_forged_index_drops_nothing(path: Path) -> None:
    """Somebody who wants a record kept out writes its prefix into the index beforehand."""
    wanted = record(b"wanted|1")
    with Ledger.open(path) as ledger:
        index = IdentityIndex(Derived(ledger.rows.connection))
        with ledger.rows.connection.writing():
            ledger.rows.connection.execute("DELETE FROM derived_identities")
            index.add(0, np.repeat(prepare([wanted]).prefixes, 502))
    with Ledger.open(path) as ledger:
        assert append(ledger, [wanted]) == (Admit(502),)
        assert ledger.entry(502).payload == wanted.payload


def test_an_index_rebuilt_in_another_process_is_taken_over(path: Path) -> None:
    with Ledger.open(path) as one, Ledger.open(path) as other:
        append(one, records(10, start=600))
        append(other, records(10, start=700))
        with one.rows.connection.writing():
            one.rows.connection.execute("DELETE FROM derived_identities")
        append(other, records(10, start=800))
        for start in (600, 700, 800):
            assert {type(each) for each in append(one, records(10, start=start))} == {Duplicate}


def test_damage_of_evidence_is_not_healed(path: Path) -> None:
    damage(path, "frames")
    with Ledger.open(path) as ledger, pytest.raises(LedgerError):
        append(ledger, records(500))
    assert audited(path).outcome is Outcome.BROKEN


def test_marks_are_kept_and_count_while_the_ledger_is_as_large_as_it_was(path: Path) -> None:
    one, other = (Digest(bytes([number]) * 32) for number in (1, 2))
    with Ledger.open(path) as ledger:
        assert ledger.remembered([one, other]) == frozenset()
        ledger.remember(one)
        ledger.remember(one)
        assert ledger.remembered([one, other]) == {one}
    with attacker(path) as conn:
        conn.execute("UPDATE derived_marks SET size = size + 1")
    with Ledger.open(path) as ledger:
        assert ledger.remembered([one]) == frozenset()
        append(ledger, records(1, start=9000))
        assert ledger.remembered([one]) == {one}
    assert notes(audited(path)) == ()


def test_marks_go_with_the_names_of_sources(path: Path) -> None:
    """What is not offered again would never bring its names back."""
    mark = Digest(b"m" * 32)
    for statement in ("DELETE FROM derived_sources", "DROP TABLE derived_sources"):
        with Ledger.open(path) as ledger:
            ledger.record_source(Source(digest=SOURCE, name="a", recorded_at=NOW))
            ledger.remember(mark)
            assert ledger.remembered([mark]) == {mark}
        with attacker(path) as conn:
            conn.execute(statement)
        with Ledger.open(path) as ledger:
            assert ledger.remembered([mark]) == frozenset()
    with Ledger.open(path) as ledger:
        ledger.record_source(Source(digest=SOURCE, name="b", recorded_at=NOW))
        assert ledger.remembered([mark]) == frozenset()
