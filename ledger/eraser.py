"""Eraser: the one door through which a payload leaves a ledger. What proves it stays.

The order is sealed first, as the last entry. In the same transaction the frame in which the payload
lies is written anew with zeros in its place, and with it every other payload of that frame. Then
the whole file is written anew and its log emptied, so that no unused page keeps what was there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from ledger.admission import Candidate, Content, Identify
from ledger.admissions import Admissions
from ledger.batch import prepare
from ledger.connection import BUSY_SECONDS, Connection
from ledger.derived import Derived
from ledger.entry import Entry, Kind
from ledger.errors import (
    BrokenError,
    LedgerBusyError,
    LedgerError,
    NotRedactableError,
    ResidueError,
)
from ledger.hashing import sha256
from ledger.identities import IdentityIndex
from ledger.reader import Reader
from ledger.redaction import LANE, Erased, Redaction
from ledger.rows import Rows
from ledger.run import Run
from ledger.schema import schema_faults
from ledger.segment import deflate
from ledger.store import Ledger
from ledger.writer import RECORDS, prefixes_of_entries, seal, sealed_identity

About = Callable[[Entry], Mapping[str, str]]
"""What is to be kept of a payload's meaning."""

_ERASABLE: Final = frozenset({Kind.RECORD, Kind.CONFLICT, Kind.REJECT})
"""The ledger's own kinds hold nothing of anybody's, and proofs rest on them."""


def require_redactable(entry: Entry) -> None:
    """Refuse what cannot be erased.

    Raises:
        NotRedactableError: the entry is of the ledger's own kinds, or has no payload.
    """
    index, kind = entry.header.index, entry.header.kind
    if entry.erased is not None:
        order = entry.erased.order
        raise NotRedactableError(index, f"it was redacted already, by entry {order}")
    if kind not in _ERASABLE:
        raise NotRedactableError(index, f"it is a {kind.name.lower()}, which proofs rest on")
    if not entry.payload:
        raise NotRedactableError(index, "its payload is empty")


def redact(
    ledger: Ledger,
    indexes: Iterable[int],
    *,
    reason: str,
    sealed_at: int,
    identify: Identify,
    content: Content,
    about: About,
) -> tuple[Erased, ...]:
    """Erase payloads: all of them, or none.

    Args:
        ledger: open for writing.
        indexes: of the entries.
        reason: why; it is sealed and stays.
        sealed_at: now, microseconds since the epoch.
        identify: re-derives the identity of a record from its payload.
        content: digest of what a record says, whatever its spelling.
        about: what to keep of a payload's meaning; it is sealed and stays.

    Returns:
        The orders, by ascending entry.

    Raises:
        IndexError: there is no such entry.
        NotRedactableError: a payload that cannot be erased is among them.
        BrokenError: the ledger contradicts itself there.
        LedgerBusyError: another process reads or writes the ledger.
        LedgerUnwritableError: the medium refused; nothing was erased.
        ResidueError: all is erased and sealed, but unused pages could not be cleared. The same call
            with no indexes tries that again.
    """
    with _writing(ledger):
        chosen = (ledger.entry(index) for index in sorted(set(indexes)))
        orders = (_order(entry, reason, identify, content, about) for entry in chosen)
        found = tuple(_erase(ledger, order, sealed_at, identify) for order in orders)
    ledger.forget()
    _clear(ledger)
    return found


@contextmanager
def _writing(ledger: Ledger) -> Iterator[None]:
    """Be alone with the ledger and write it, if its tables and guards are those of a ledger."""
    connection = ledger.rows.connection
    _empty_log(connection)
    connection.execute("PRAGMA secure_delete = ON")
    derived = Derived(connection)
    derived.heal()  # a damaged table of notes could not be told to forget
    with connection.writing():
        derived.ensure()
        for fault in schema_faults(connection):
            raise BrokenError(None, "schema", fault)
        yield


def _clear(ledger: Ledger) -> None:
    """Write the whole file anew and empty its log; raises ResidueError."""
    try:
        with ledger.rows.connection.as_writer():
            ledger.rows.connection.execute("VACUUM")
        _empty_log(ledger.rows.connection)
    except LedgerError as error:
        raise ResidueError(ledger.path, str(error)) from error


def _order(
    entry: Entry, reason: str, identify: Identify, content: Content, about: About
) -> Redaction:
    require_redactable(entry)
    header, payload = entry.header, entry.payload or b""
    return Redaction(
        entry=header.index,
        payload=header.payload,
        identity=sha256(sealed_identity(header, payload, identify)),
        content=sha256(content(payload)) if header.kind in RECORDS else None,
        reason=reason,
        about=about(entry),
    )


def _erase(ledger: Ledger, redaction: Redaction, sealed_at: int, identify: Identify) -> Erased:
    """Seal the order, then write the frame anew, inside a write transaction."""
    rows = ledger.rows
    order, _ = rows.head()
    _seal(rows, redaction, sealed_at, identify)
    row = rows.segment_with(redaction.entry)
    if row is None:
        raise BrokenError(redaction.entry, "gap", "no segment holds it")
    run = Run(rows, row)
    lane, frame = run.without(redaction.entry - row.first)
    rows.replace_frame(redaction.entry, order, row, lane, deflate(frame))
    Derived(rows.connection).drop_note(redaction.entry)
    ledger.forget()
    return Erased(order=order, redaction=redaction)


def _seal(rows: Rows, redaction: Redaction, sealed_at: int, identify: Identify) -> None:
    size, link = rows.head()
    payload = redaction.encode()
    candidate = Candidate(
        kind=Kind.REDACTION,
        source=sha256(payload),
        position=0,
        offset=0,
        payload=payload,
        lane=LANE,
    )
    batch = prepare([candidate], offered={Kind.REDACTION})
    frontier = rows.frontier(size, link)
    for sealing in seal(batch, Admissions(size, 1, {}), size=size, link=link, sealed_at=sealed_at):
        rows.add_segment(sealing.row, sealing.frames)
        rows.put_tiles(frontier.extend(sealing.leaves))
    index = IdentityIndex(Derived(rows.connection))
    read = Reader(rows).stream
    index.sync(size, lambda start, stop: prefixes_of_entries(read(start, stop, None), identify))
    index.add(size, batch.prefixes)


def _empty_log(connection: Connection) -> None:
    """Move the write-ahead log into the file and cut it to nothing, which takes being alone.

    Raises:
        LedgerBusyError: somebody reads or writes, so that it cannot be.
    """
    with connection.as_writer():
        [(is_busy, _, _)] = connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    if is_busy:
        raise LedgerBusyError(connection.path, BUSY_SECONDS)
