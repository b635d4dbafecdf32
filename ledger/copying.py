"""Copying: a second file with the same entries, made while the first is in use.

Never copy the file itself: what was sealed last may still lie in the log beside it. SQLite's
`VACUUM INTO` (https://sqlite.org/lang_vacuum.html) writes one consistent snapshot.
"""

from __future__ import annotations

import os
from pathlib import Path

from ledger.audit import Progress, audit
from ledger.report import AuditReport
from ledger.store import Ledger


def copy(ledger: Ledger, target: Path, *, progress: Progress | None = None) -> AuditReport:
    """Copy a ledger and audit the copy.

    Args:
        ledger: open; it is not changed, and others may go on writing it.
        target: a file that does not exist yet.
        progress: told how far the audit is.

    Returns:
        The audit of the copy; a ledger that was broken has a copy that is.

    Raises:
        LedgerError: the ledger cannot be read, or nothing can be written there.
    """
    snapshot(ledger, target)
    with Ledger.open(target, readonly=True) as made:
        return audit(made, progress=progress, workers=None)


def snapshot(ledger: Ledger, target: Path) -> None:
    """Copy a ledger as it is, for a writer that is going to extend the copy; see `copy`."""
    ledger.rows.connection.execute("VACUUM INTO ?", (os.fspath(target),))
