"""Every bit of a small ledger flipped, one at a time: `python -m tests.tamper.flips`.

Prints how many were flipped, found and slack, the slack by its reason, and what was missed. A flip
is slack only if the audit is intact, all that is sealed reads back as it was, byte for byte, and
the byte is on the list below.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ledger.audit import audit
from ledger.connection import PAGE_BYTES
from ledger.errors import NotALedgerError, UnreadableError
from ledger.report import Outcome
from ledger.store import Ledger
from tests.ledger_support import NOW, append, erase, make, records, sqlite3
from tests.tamper.anatomy import Anatomy

SLACK: Final = {
    r"unused space": "no row lies there",
    r"file header: (change counter|page count|free list|schema cookie|cache size|vacuum|expansion"
    r"|library version)": "SQLite's bookkeeping, made anew or not used",
    r"file header: (schema format|encoding|read and write version)": "a value that reads the same",
    r"page header: (free block|fragments) of .*": "where SQLite puts the next row",
    r"page header: .*": "where the rows of a page begin, for whoever adds one",
    r"page pointers: sqlite_master": "keys by which a search is led; the schema is read in order",
    r"(schema of |page pointers: |page header: )?(idx_)?_sqlite_migrations.*": "not evidence",
    r"(schema of |page pointers: |page header: )?derived_.*": "can be rebuilt",
    r"sqlite_master: row header": "row numbers of the schema, which nothing reads",
    r"checkpoints\.made_at": "narration; the checkpoint is its text",
    r"(segments|meta|checkpoints|redactions): row header": "the unread placeholder of a key",
    r"redactions\.(lane|entry)": "which frame the door stood open for; it is shut",
    r"(segments\.columns|frames\.payloads)(: frame header)?": "another spelling of the same bytes",
}  # fmt: skip
"""What a flip may change unnoticed, by the label of its byte, and why that is no evidence."""


@dataclass(kw_only=True)
class Tally:
    """What came of flips."""

    flipped: int = 0
    found: int = 0
    slack: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def text(self) -> str:
        lines = [f"{self.flipped} flipped: {self.found} found, {self.slack.total()} slack"]
        lines += [f"{count:9} {reason}" for reason, count in self.slack.most_common()]
        return "\n".join([*lines, f"{len(self.missed)} missed", *self.missed])


def small_ledger(path: Path, page_bytes: int = PAGE_BYTES) -> Path:
    """Three segments in two lanes, a redaction, checkpoints, an index: a bit of everything."""
    make(path, [records(20)])
    with Ledger.open(path) as ledger:
        erase(ledger, 7)
        append(ledger, records(6, start=20))
        ledger.checkpoint(NOW)
    with closing(sqlite3.connect(str(path), isolation_level=None)) as conn:
        for pragma in ("journal_mode = DELETE", f"page_size = {page_bytes}"):
            conn.execute(f"PRAGMA {pragma}")
        conn.execute("VACUUM")
        conn.execute("PRAGMA journal_mode = WAL")
    return path


def evidence_of(ledger: Ledger) -> object:
    """Everything that is sealed, as it is exported: headers, payloads, heads and checkpoints."""
    entries = [(entry.header.encode(), entry.payload, entry.erased) for entry in ledger.entries()]
    return entries, ledger.head(), ledger.checkpoints(), ledger.origin


def flip_each(path: Path, flips: Iterable[tuple[int, int]]) -> Tally:
    """Flip bits, given as (byte, bit), one at a time; in the end the file is as it was."""
    labels = Anatomy(path).labels
    with Ledger.open(path, readonly=True) as ledger:
        sealed = evidence_of(ledger)
    tally = Tally()
    with path.open("r+b", buffering=0) as file:
        for place, bit in flips:
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ 1 << bit]))
            tally.flipped += 1
            _judge(path, sealed, f"byte {place}, bit {bit}, {labels[place]}", labels[place], tally)
            file.seek(place)
            file.write(bytes([byte]))
    return tally


def _judge(path: Path, sealed: object, where: str, label: str, tally: Tally) -> None:
    reason = next((why for what, why in SLACK.items() if re.fullmatch(what, label)), None)
    try:
        if is_found(path):
            tally.found += 1
            return
        with Ledger.open(path, readonly=True) as ledger:
            is_same = evidence_of(ledger) == sealed
    except Exception as error:  # noqa: BLE001 - whatever it is, a flip must not cause it
        tally.missed.append(f"{where}: {error!r}")
        return
    if not is_same:
        tally.missed.append(f"{where}: what is sealed reads otherwise")
    elif reason is None:
        tally.missed.append(f"{where}: not found, and no reason is known why it need not be")
    else:
        tally.slack[reason] += 1


def is_found(path: Path) -> bool:
    """Is the flip a break, or is this no ledger any more. Any other error is a failure."""
    try:
        with Ledger.open(path, readonly=True) as ledger:
            return audit(ledger).outcome is Outcome.BROKEN
    except (NotALedgerError, UnreadableError):
        return True


def main() -> None:
    """Flip every bit, or those of a part of the bytes."""
    parser = argparse.ArgumentParser(prog="python -m tests.tamper.flips", description=__doc__)
    parser.add_argument("--page", type=int, default=PAGE_BYTES, help="bytes of a page")
    parser.add_argument("--part", default="0/1", help="2/7: every seventh byte from the third on")
    chosen = parser.parse_args()
    part, parts = map(int, chosen.part.split("/"))
    with tempfile.TemporaryDirectory(prefix="keyledger-flips-") as folder:
        path = small_ledger(Path(folder) / "small.db", chosen.page)
        places = range(part, path.stat().st_size, parts)
        tally = flip_each(path, ((place, bit) for place in places for bit in range(8)))
    print(tally.text())  # noqa: T201 - a program of its own


if __name__ == "__main__":
    main()
