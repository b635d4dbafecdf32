"""Redaction: what is erased is gone, what stays verifies, and the order says why."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.admission import Admit, Conflict, Duplicate
from ledger.entry import Kind
from ledger.errors import (
    BrokenError,
    LedgerBusyError,
    MalformedError,
    NotRedactableError,
    ResidueError,
)
from ledger.hashing import sha256
from ledger.redaction import Redaction
from ledger.report import Outcome
from ledger.store import Ledger
from tests.ledger_support import (
    NOW,
    append,
    attacker,
    audited,
    erase,
    make,
    notes,
    record,
    records,
    sqlite3,
)
from tests.redaction.erasing import HELD, SECRET, batch


def frames(path: Path) -> list[bytes]:
    with closing(sqlite3.connect(str(path))) as conn:
        return [bytes(frame) for (frame,) in conn.execute("SELECT payloads FROM frames")]


def windows(data: bytes, width: int = 24) -> Iterator[bytes]:
    """Pieces small enough to lie within one page, wherever the pages are cut."""
    for start in range(0, len(data) - width, width):
        yield data[start : start + width]


def on_disk(path: Path) -> bytes:
    """Every byte of the ledger's file and of whatever lies beside it."""
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(path.name + "*")))


def test_no_byte_of_a_redacted_payload_is_left_in_any_file(path: Path) -> None:
    before = frames(path)
    with Ledger.open(path) as ledger:
        append(ledger, records(5, start=60))  # so that there is a log, too
        [old] = [frame for frame in before if len(frame) > len(SECRET) // 3]
        there = [piece in on_disk(path) for piece in windows(old[500:2500])]
        assert sum(there) > len(there) * 0.9  # but for pieces that lie across two pages
        erase(ledger, HELD)
        left = on_disk(path)
        assert not any(piece in left for piece in windows(SECRET))
        assert not any(piece in left for piece in windows(old[200:]))
    assert not any(piece in on_disk(path) for piece in windows(old[200:]))


def test_what_was_moved_about_in_the_file_before_is_gone_too(tmp_path: Path) -> None:
    """Pages that were freed long ago may hold a copy; the whole file is written anew."""
    raw = random.Random(8).randbytes(4000)
    path = make(tmp_path / "test.db", [[record(b"id|" + raw)]])
    with closing(sqlite3.connect(str(path))) as conn:
        conn.execute("CREATE TABLE theirs (x)")
        conn.execute("INSERT INTO theirs VALUES (?)", (raw * 3,))
        conn.commit()
        conn.execute("DROP TABLE theirs")
        conn.commit()
    assert on_disk(path).count(raw[1000:1100]) > 1
    with Ledger.open(path) as ledger:
        erase(ledger, 0)
    assert not any(piece in on_disk(path) for piece in windows(raw))


def test_proofs_stay_and_neighbours_are_untouched(path: Path) -> None:
    with Ledger.open(path) as ledger:
        before = list(ledger.entries())
        checkpoints = ledger.checkpoints()
        [erased] = erase(ledger, HELD)
        after = list(ledger.entries())
        assert [entry.header for entry in after[: len(before)]] == [e.header for e in before]
        assert ledger.checkpoints() == checkpoints
        gone = after[HELD]
        assert (gone.payload, gone.erased) == (None, erased)
        assert ledger.entry(HELD) == gone
        assert gone.header.payload == sha256(before[HELD].payload or b"")
        others = [entry for entry in after[: len(before)] if entry.header.index != HELD]
        assert others == [entry for entry in before if entry.header.index != HELD]
    report = audited(path)
    assert (report.outcome, report.redacted, report.size) == (Outcome.INTACT, (HELD,), 61)
    assert (report.checkpoints_checked, report.checkpoints_failed) == (2, 0)


def test_the_order_is_an_entry_that_says_what_and_why(redacted: Path) -> None:
    with Ledger.open(redacted) as ledger:
        order = ledger.entry(60)
        assert order.header.kind is Kind.REDACTION
        said = Redaction.decode(order.payload or b"")
        assert (said.entry, said.reason) == (HELD, "it held a secret")
        assert said.payload == ledger.entry(HELD).header.payload
        assert SECRET[:30] not in (order.payload or b"")


def test_several_are_redacted_together_or_not_at_all(path: Path) -> None:
    with Ledger.open(path) as ledger:
        with pytest.raises(IndexError):
            erase(ledger, 3, 99)
        assert ledger.size == 60
        orders = erase(ledger, 45, 3, 4)
        assert [(each.redaction.entry, each.order) for each in orders] == [
            (3, 60),
            (4, 61),
            (45, 62),
        ]
    assert audited(path).redacted == (3, 4, 45)


def test_what_was_redacted_is_still_known_when_it_is_offered_again(redacted: Path) -> None:
    held = batch()[HELD]
    respelled = held._replace(payload=held.payload.replace(b"|", b"|  "))
    contradicting = held._replace(payload=b"id-00012|another value")
    with Ledger.open(redacted) as ledger:
        assert append(ledger, batch())[HELD] == Duplicate(HELD)
        assert append(ledger, [respelled]) == (Duplicate(HELD),)
        assert append(ledger, [contradicting]) == (Conflict(61, HELD),)
        assert not any(piece in on_disk(redacted) for piece in windows(SECRET))


def test_so_it_is_when_the_index_of_identities_has_to_be_made_anew(redacted: Path) -> None:
    with closing(sqlite3.connect(str(redacted))) as conn:
        conn.execute("DELETE FROM derived_identities")
        conn.commit()
    with Ledger.open(redacted) as ledger:
        assert append(ledger, batch())[HELD] == Duplicate(HELD)
        assert append(ledger, records(2, start=70)) == (Admit(61), Admit(62))


def test_a_ledger_goes_on_behind_a_redaction(redacted: Path) -> None:
    with Ledger.open(redacted) as ledger:
        append(ledger, records(300, start=100))
        ledger.checkpoint(NOW)
        erase(ledger, 300)
        append(ledger, records(10, start=600))
    report = audited(redacted)
    assert (report.outcome, report.redacted, report.size) == (Outcome.INTACT, (HELD, 300), 372)


@pytest.mark.parametrize(
    ("kind", "payload", "why"),
    [
        (Kind.KEY, b"a key", "a key"),
        (Kind.SEAL, b"a seal", "a seal"),
        (Kind.DIGEST, b"a digest", "a digest"),
        (Kind.REJECT, b"", "empty"),
    ],
)
def test_what_proofs_rest_on_is_not_redacted(
    path: Path, kind: Kind, payload: bytes, why: str
) -> None:
    with Ledger.open(path) as ledger:
        append(ledger, [record(payload)._replace(kind=kind)])
        with pytest.raises(NotRedactableError, match=why):
            erase(ledger, 60)
        assert ledger.size == 61


def test_nothing_is_redacted_twice_and_no_order_ever(redacted: Path) -> None:
    with Ledger.open(redacted) as ledger:
        with pytest.raises(NotRedactableError, match="already, by entry 60"):
            erase(ledger, HELD)
        with pytest.raises(NotRedactableError, match="a redaction"):
            erase(ledger, 60)


def test_nobody_offers_an_order_to_an_append(path: Path) -> None:
    with Ledger.open(path) as ledger, pytest.raises(MalformedError):
        append(ledger, [record(b"x")._replace(kind=Kind.REDACTION)])


def test_rejects_are_redacted_with_the_note_that_may_quote_them(path: Path) -> None:
    bad = record(b"the secret itself")._replace(kind=Kind.REJECT, note="quotes 'the secret'")
    with Ledger.open(path) as ledger:
        append(ledger, [bad])
        erase(ledger, 60)
        assert ledger.notes() == {}
        assert append(ledger, [bad]) == (Duplicate(60),)
    assert b"the secret" not in on_disk(path)


def test_damaged_derived_tables_are_no_obstacle(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as conn:
        conn.execute("DROP TABLE derived_notes")
        conn.execute("UPDATE derived_identities SET checksum = 0")
        conn.commit()
    with Ledger.open(path) as ledger:
        erase(ledger, HELD)
    report = audited(path)
    assert (report.outcome, notes(report)) == (Outcome.INTACT, ())


def test_a_broken_entry_is_not_redacted(path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("UPDATE frames SET payloads = x'00' WHERE first = 0 AND lane = 1")
    with Ledger.open(path) as ledger, pytest.raises(BrokenError):
        erase(ledger, HELD)
    assert audited(path).size == 60


def test_while_somebody_reads_nothing_is_erased_because_the_log_could_not_be_cleared(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.connection.BUSY_SECONDS", 0.2)
    with Ledger.open(path) as writer, Ledger.open(path, readonly=True) as reader:
        append(writer, records(1, start=90))
        with reader.rows.connection.reading():
            assert len(list(reader.entries())) == 61
            append(writer, records(1, start=91))
            with pytest.raises(LedgerBusyError):
                erase(writer, HELD)
        assert writer.size == 62
        erase(writer, HELD)
    assert audited(path).redacted == (HELD,)


def test_a_log_that_cannot_be_cleared_afterwards_is_told_and_can_be_cleared_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(path) as ledger:
        execute = ledger.rows.connection.execute

        def refusing(sql: str, *rest: Any) -> None:
            if sql == "VACUUM":
                raise LedgerBusyError(path, 1.0)
            execute(sql, *rest)

        monkeypatch.setattr(ledger.rows.connection, "execute", refusing)
        with pytest.raises(ResidueError):
            erase(ledger, HELD)
        assert ledger.entry(HELD).payload is None
        monkeypatch.undo()
        assert erase(ledger) == ()
    assert audited(path).redacted == (HELD,)


SPELLINGS = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b"\xff",
    b"[" * 100_000,
    b'{"about":{},"content":null,"entry":-1,"identity":"I","payload":"I","reason":"r"}',
    b'{"about":{},"content":null,"entry":true,"identity":"I","payload":"I","reason":"r"}',
    b'{"about":[],"content":null,"entry":1,"identity":"I","payload":"I","reason":"r"}',
    b'{"about":{},"content":null,"entry":1,"identity":"I","payload":"I","reason":7}',
    b'{"about":{"a":1},"content":null,"entry":1,"identity":"I","payload":"I","reason":"r"}',
    b'{"about":{},"content":null,"entry":1,"identity":"I","payload":"00","reason":"r"}',
    b'{"about":{}, "content":null,"entry":1,"identity":"I","payload":"I","reason":"r"}',
    b'{"about":{},"content":null,"entry":1,"identity":"I","payload":"I","reason":"r","x":1}',
]


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_an_order_has_one_spelling(spelled: bytes) -> None:
    with pytest.raises(MalformedError):
        Redaction.decode(spelled.replace(b'"I"', b'"%s"' % (b"ab" * 32)))


def test_an_order_reads_back_as_it_was() -> None:
    order = Redaction(
        entry=3,
        payload=sha256(b"p"),
        identity=sha256(b"i"),
        content=None,
        reason="é \x1b[2J \ud800",
        about={"name": "x"},
    )
    assert Redaction.decode(order.encode()) == order
    assert order.encode().isascii()
