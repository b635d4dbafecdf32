"""Orders: what an audit asks of redactions. Every one that is listed was sealed, and carried out.

That an erased payload is covered by its order is seen where its entry is hashed (`scrutiny`): only
the digest that was sealed gives the entry's leaf.
"""

from __future__ import annotations

from ledger.errors import BrokenError, UnreadableError
from ledger.report import Break, BreakKind
from ledger.rows import Rows
from ledger.run import ordered_by


def order_breaks(rows: Rows) -> list[Break]:
    """Look through the list of redactions; damage is a finding, never an error."""
    breaks: list[Break] = []
    try:
        listed = rows.orders()
    except UnreadableError as error:
        return [Break(index=None, kind=BreakKind.SCHEMA, detail=error.detail)]
    for entry, order, is_done in listed:
        try:
            ordered_by(rows, order, entry)
        except (BrokenError, UnreadableError):
            detail = f"it is listed as redacted, and entry {order} does not order that"
            breaks.append(Break(index=entry, kind=BreakKind.SCHEMA, detail=detail))
        if is_done != 1:
            detail = f"the redaction of entry {entry} stands open"
            breaks.append(Break(index=None, kind=BreakKind.SCHEMA, detail=detail))
    return breaks
