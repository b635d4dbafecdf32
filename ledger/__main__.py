"""`python -m ledger`: audits and verifies with this room alone, on a machine with nothing else.

    python -m ledger audit FILE [--against CHECKPOINT] [--key VKEY]
    python -m ledger verify PROOF [--checkpoint CHECKPOINT] [--key VKEY]

The one place in the ledger that prints, and that decides exit codes: 0 intact or valid, 4 broken,
5 incomplete, 1 nothing of that kind there, 2 usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from ledger.audit import audit
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError, MalformedError
from ledger.keys import PublicKey
from ledger.proof import FIRST_LINE
from ledger.report import AuditReport, Outcome
from ledger.store import Ledger
from ledger.verification import Validity, verify_checkpoint, verify_proof

_Result = tuple[int, dict[str, Any], str]
"""Exit code, document, text."""

_Run = Callable[[Path, Checkpoint | None, PublicKey | None], _Result]
"""File, a checkpoint and a key from elsewhere to the result."""

EXIT_CODES: Final = {
    Outcome.INTACT: 0,
    Outcome.BROKEN: 4,
    Outcome.INCOMPLETE: 5,
    Validity.VALID: 0,
    Validity.BROKEN: 4,
    Validity.INCOMPLETE: 5,
}
FAILED: Final = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: those behind the program's name; those of the process if None.

    Returns:
        The exit code.
    """
    chosen = _parser().parse_args(arguments)
    try:
        kept = None if chosen.kept is None else Checkpoint.parse(_read(chosen.kept))
        key = None if chosen.key is None else PublicKey.parse(chosen.key)
        run: _Run = chosen.run
        code, document, text = run(chosen.file, kept, key)
    except (LedgerError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    spelled = json.dumps(document, indent=2) if chosen.format == "json" else text
    sys.stdout.write(f"{spelled}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ledger", description="Check a ledger.")
    commands = parser.add_subparsers(dest="command", required=True)
    audits = commands.add_parser("audit", help="recompute every hash of a ledger")
    audits.add_argument("file", type=Path, help="the ledger")
    audits.add_argument("--against", dest="kept", type=Path, help="a checkpoint kept elsewhere")
    audits.set_defaults(run=_audit)
    verifies = commands.add_parser("verify", help="check a proof or a checkpoint, with no ledger")
    verifies.add_argument("file", type=Path, help="the proof, or the checkpoint")
    verifies.add_argument("--checkpoint", dest="kept", type=Path, help="one kept elsewhere")
    verifies.set_defaults(run=_verify)
    for command in (audits, verifies):
        command.add_argument("--key", help="the ledger's public key: name+id+base64")
        command.add_argument("--format", choices=("text", "json"), default="text")
    return parser


def _audit(file: Path, kept: Checkpoint | None, key: PublicKey | None) -> _Result:
    with Ledger.open(file, readonly=True) as ledger:
        report = audit(ledger, against=kept, key=key, workers=None)
    return EXIT_CODES[report.outcome], report.document(), _audited(report)


def _verify(file: Path, kept: Checkpoint | None, key: PublicKey | None) -> _Result:
    spelled = _read(file)
    verify = verify_proof if spelled.startswith(FIRST_LINE) else verify_checkpoint
    found = verify(spelled, kept, key)
    lines = [found.outcome.value]
    lines += [f"  {one.name}: {one.finding.value}: {one.detail}" for one in found.checks]
    return EXIT_CODES[found.outcome], found.document(), "\n".join(lines)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise MalformedError(f"{file} is no text") from error


def _audited(report: AuditReport) -> str:
    checkpoints = (
        f"{report.checkpoints_checked} checked, {report.checkpoints_failed} failed,"
        f" {report.checkpoints_signed} signed"
    )
    lines = [
        f"{report.outcome.value}: {report.size} entries",
        f"  root         {report.root.hex() if report.root else 'unknown'}",
        f"  link         {report.link.hex() if report.link else 'unknown'}",
        f"  checkpoints  {checkpoints}",
        f"  redacted     {len(report.redacted)} payloads",
        f"  sqlite       {report.sqlite_version}",
    ]
    if report.kept is not None:
        size = report.kept.checkpoint.size
        verb = "extends" if report.kept.extends else "does not extend"
        lines.append(f"  against      {verb} the checkpoint of {size} entries")
    for found in report.breaks:
        where = "" if found.index is None else f" at entry {found.index}"
        lines.append(f"  {found.kind.value}{where}: {found.detail}")
    if report.more_breaks:
        lines.append(f"  and {report.more_breaks} more breaks")
    lines += [f"  note: {note}" for note in report.notes]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
