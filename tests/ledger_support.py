"""Small ledgers for the ledger's own tests: records of another trade, so that no AWS leaks in.

A record is `id|value`; white space in the value is spelling. Identity is the id.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils.utils import sqlite3 as sqlite3  # type: ignore[attr-defined]  # noqa: PLC0414 - tests import it from here

from ledger.admission import Admission, Candidate
from ledger.audit import audit
from ledger.entry import Kind
from ledger.eraser import redact
from ledger.hashing import Digest, sha256
from ledger.redaction import Erased
from ledger.report import AuditReport
from ledger.store import Ledger

SOURCE = sha256(b"the only source")
NOW = 1_767_225_600_000_000


def identify(payload: bytes) -> bytes:
    return payload.partition(b"|")[0]


def content(payload: bytes) -> bytes:
    return b"".join(payload.partition(b"|")[2].split())


def record(
    payload: bytes, *, position: int = 0, source: Digest = SOURCE, lane: int = 0
) -> Candidate:
    return Candidate(
        kind=Kind.RECORD,
        source=source,
        position=position,
        offset=100 * position,
        payload=payload,
        identity=identify(payload),
        time=NOW + position,
        lane=lane,
    )


def records(count: int, start: int = 0) -> list[Candidate]:
    """Distinct records; every fifth lies in lane 0, the others in lane 1."""
    return [
        record(f"id-{i:05}|value {i * i}".encode(), position=i, lane=int(i % 5 != 0))
        for i in range(start, start + count)
    ]


def append(
    ledger: Ledger, candidates: Sequence[Candidate], *, sealed_at: int = NOW
) -> Sequence[Admission]:
    return ledger.append(candidates, sealed_at=sealed_at, identify=identify, content=content)


def erase(ledger: Ledger, *indexes: int) -> tuple[Erased, ...]:
    return redact(
        ledger,
        indexes,
        reason="it held a secret",
        sealed_at=NOW,
        identify=identify,
        content=content,
        about=lambda _entry: {},
    )


def make(path: Path, batches: Iterable[Sequence[Candidate]]) -> Path:
    """A ledger with one transaction and one checkpoint per batch."""
    with Ledger.create(path, origin="tests", now=NOW, exist_ok=True) as ledger:
        for batch in batches:
            append(ledger, batch)
            ledger.checkpoint(NOW)
    return path


def audited(path: Path) -> AuditReport:
    with Ledger.open(path, readonly=True) as ledger:
        return audit(ledger)


def notes(report: AuditReport) -> tuple[str, ...]:
    """The notes of an audit, without the warning of an old SQLite: not every platform has a new."""
    return tuple(note for note in report.notes if not note.startswith("SQLite "))


def first_break(path: Path) -> tuple[int | None, str]:
    """Index and kind of the first break that an audit names."""
    report = audited(path)
    assert report.outcome == "broken"
    return report.breaks[0].index, report.breaks[0].kind.value


def evidence(path: Path) -> list[tuple[bytes, bytes | None]]:
    """Everything that is sealed: headers and payloads."""
    with Ledger.open(path, readonly=True) as ledger:
        return [(entry.header.encode(), entry.payload) for entry in ledger.entries()]


def copy(path: Path, to: Path) -> Path:
    """Copy a closed ledger."""
    shutil.copyfile(path, to)
    return to


@contextmanager
def attacker(path: Path) -> Iterator[Any]:
    """A bare connection to the file, without the ledger's guards; its triggers are put back."""
    conn = sqlite3.connect(str(path), isolation_level=None)
    triggers = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    try:
        conn.execute("PRAGMA ignore_check_constraints = ON")
        for name, _ in triggers:
            conn.execute(f"DROP TRIGGER {name}")
        yield conn
        for _, sql in triggers:
            conn.execute(sql)
    finally:
        conn.close()
