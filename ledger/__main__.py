"""`python -m ledger audit FILE`: an audit with this room alone, on a machine that has nothing else.

The one place in the ledger that prints, and that decides exit codes: 0 intact, 4 broken,
5 incomplete, 1 no ledger there, 2 usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ledger.audit import audit
from ledger.errors import LedgerError
from ledger.report import AuditReport, Outcome
from ledger.store import Ledger

EXIT_CODES: Final = {Outcome.INTACT: 0, Outcome.BROKEN: 4, Outcome.INCOMPLETE: 5}
FAILED: Final = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: those behind the program's name; those of the process if None.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m ledger", description="Check a ledger.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("audit", help="recompute every hash of a ledger")
    command.add_argument("file", type=Path, help="the ledger")
    command.add_argument("--format", choices=("text", "json"), default="text")
    chosen = parser.parse_args(arguments)
    try:
        with Ledger.open(chosen.file, readonly=True) as ledger:
            report = audit(ledger)
    except LedgerError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    spelled = _json(report) if chosen.format == "json" else _text(report)
    sys.stdout.write(f"{spelled}\n")
    return EXIT_CODES[report.outcome]


def _json(report: AuditReport) -> str:
    return json.dumps(report.document(), indent=2)


def _text(report: AuditReport) -> str:
    checkpoints = f"{report.checkpoints_checked} checked, {report.checkpoints_failed} failed"
    lines = [
        f"{report.outcome.value}: {report.size} entries",
        f"  root         {report.root.hex() if report.root else 'unknown'}",
        f"  link         {report.link.hex() if report.link else 'unknown'}",
        f"  checkpoints  {checkpoints}",
        f"  sqlite       {report.sqlite_version}",
    ]
    for found in report.breaks:
        where = "" if found.index is None else f" at entry {found.index}"
        lines.append(f"  {found.kind.value}{where}: {found.detail}")
    if report.more_breaks:
        lines.append(f"  and {report.more_breaks} more breaks")
    lines += [f"  note: {note}" for note in report.notes]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
