"""Erasure: which records would be redacted, and their redaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analyzer.cloudtrail.record import content, identify
from analyzer.errors import UnknownEntryError
from analyzer.moment import Moment
from analyzer.reader import read
from analyzer.redacted import about
from ledger.entry import Entry
from ledger.eraser import redact, require_redactable
from ledger.errors import ResidueError
from ledger.keyfile import KeyFile
from ledger.signing import signer
from ledger.store import Ledger

Document = dict[str, Any]


def plan(ledger: Ledger, indexes: Sequence[int], reason: str, *, keeps: bool) -> Document:
    """Say what a redaction would erase and what it would keep; nothing is changed.

    Args:
        ledger: where the entries are.
        indexes: of the entries; with none, a redaction clears old pages of the file, no more.
        reason: why.
        keeps: whether the order is to keep what happened, when, and to what.

    Raises:
        UnknownEntryError: there is no such entry.
        NotRedactableError: an entry cannot be redacted.
        BrokenError: an entry does not hash to its leaf.
    """
    entries = [_entry(ledger, index) for index in sorted(set(indexes))]
    for entry in entries:
        require_redactable(entry)
    rows = [_row(entry, _about(entry) if keeps else {}) for entry in entries]
    return _document(ledger, rows, reason, is_done=False)


def erase(
    ledger: Ledger,
    indexes: Sequence[int],
    reason: str,
    *,
    keeps: bool,
    keys: KeyFile,
    now: Moment,
) -> Document:
    """Redact, and return the same document with the order of each entry; errors as of `plan`.

    Whatever was sealed ends in a checkpoint, signed where there is a key.

    Raises:
        LedgerBusyError: another process has the ledger in use.
        LedgerUnwritableError: the medium refused; nothing was erased.
        ResidueError: all is erased, but old pages of the file could not be cleared.
    """
    planned = plan(ledger, indexes, reason, keeps=keeps)
    try:
        orders = redact(
            ledger,
            indexes,
            reason=reason,
            sealed_at=now,
            identify=identify,
            content=content,
            about=_about if keeps else lambda _entry: {},
        )
    except ResidueError:
        ledger.checkpoint(now, signer(ledger, keys))  # what was ordered is sealed all the same
        raise
    ledger.checkpoint(now, signer(ledger, keys))
    order_of = {one.redaction.entry: one.order for one in orders}
    rows = [{**row, "order": order_of[row["entry"]]} for row in planned["entries"]]
    return _document(ledger, rows, reason, is_done=True)


def _about(entry: Entry) -> dict[str, str]:
    return about(read(entry.header.index, entry.payload or b""))


def _entry(ledger: Ledger, index: int) -> Entry:
    try:
        return ledger.entry(index)
    except IndexError as error:
        raise UnknownEntryError(str(index), ledger.size) from error


def _row(entry: Entry, kept: dict[str, str]) -> Document:
    header = entry.header
    return {
        "entry": header.index,
        "kind": header.kind.name.lower(),
        "bytes": header.length,
        "sha256": header.payload.hex(),
        "event_name": kept.get("event_name"),
        "event_time": kept.get("event_time"),
        "resource": kept.get("resource"),
        "order": None,
    }


def _document(ledger: Ledger, rows: list[Document], reason: str, *, is_done: bool) -> Document:
    head = ledger.head()
    return {
        "is_done": is_done,
        "reason": reason,
        "entries": rows,
        "ledger": {
            "path": str(ledger.path),
            "size": head.size,
            "root": head.root.hex(),
            "link": head.link.hex(),
        },
    }
