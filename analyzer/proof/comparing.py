"""Comparing: a proof with a ledger that is at hand, and a sealed state with a replay of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analyzer.archive import Archive
from analyzer.knowledge import Knowledge
from analyzer.moment import Moment
from analyzer.proof.sealing import PROJECTION, is_derived_again, redacted_since, scope_of
from ledger.entry import Kind
from ledger.errors import ForkError, MalformedError
from ledger.exhibit import Exhibit
from ledger.proving import require_extends
from ledger.seal import Seal
from ledger.store import Ledger
from ledger.verification import Check, Finding, Verification


def compared(found: Verification, path: Path, code: str, now: Moment) -> tuple[Check, ...]:
    """Check a file against a ledger.

    Args:
        found: what the file holds.
        path: of the ledger.
        code: the name and version of this program.
        now: the present; nothing depends on it.

    Raises:
        LedgerError: there is no ledger, or it contradicts itself.
    """
    with Ledger.open(path, readonly=True) as ledger:
        return tuple(_checks(found, ledger, code, now))


def _checks(found: Verification, ledger: Ledger, code: str, now: Moment) -> Iterator[Check]:
    if found.checkpoint is None:
        return
    try:
        require_extends(ledger, found.checkpoint)
    except ForkError as error:
        detail = f"the ledger at hand does not extend the checkpoint: {error.detail}"
        yield Check(name="ledger", finding=Finding.CONTRADICTS, detail=detail)
        return
    exhibit = found.exhibit
    if exhibit is None:
        detail = "the ledger at hand extends the checkpoint"
        yield Check(name="ledger", finding=Finding.HOLDS, detail=detail)
        return
    index = exhibit.header.index
    is_there = index < ledger.size and ledger.entry(index).header == exhibit.header
    finding = Finding.HOLDS if is_there else Finding.CONTRADICTS
    holds = "holds the entry, and extends the checkpoint" if is_there else "has another entry there"
    yield Check(name="ledger", finding=finding, detail=f"the ledger at hand {holds}")
    if is_there and exhibit.header.kind is Kind.SEAL:
        yield from _replayed(exhibit, ledger, code, now)


def _replayed(exhibit: Exhibit, ledger: Ledger, code: str, now: Moment) -> Iterator[Check]:
    try:
        seal = Seal.decode(exhibit.payload or b"")
    except MalformedError as error:
        yield Check(name="replay", finding=Finding.CONTRADICTS, detail=error.detail)
        return
    if seal.projection != PROJECTION:
        detail = "this program does not derive what was sealed"
        yield Check(name="replay", finding=Finding.UNCHECKED, detail=detail)
        return
    scope = scope_of(Knowledge(Archive.of(ledger)), seal, now)
    redacted = redacted_since(scope, seal)
    if is_derived_again(scope, seal):
        detail = f"a replay of the first {seal.size} entries gives the same {seal.rows} rows"
        yield Check(name="replay", finding=Finding.HOLDS, detail=detail)
    elif redacted:
        listed = ", ".join(map(str, redacted))
        detail = f"redacted since it was sealed, and missing in a replay: entries {listed}"
        yield Check(name="replay", finding=Finding.UNCHECKED, detail=detail)
    elif seal.code != code:
        detail = f"{code} derives other rows than {seal.code}, which sealed them"
        yield Check(name="replay", finding=Finding.UNCHECKED, detail=detail)
    else:
        detail = f"a replay of the first {seal.size} entries gives other rows"
        yield Check(name="replay", finding=Finding.CONTRADICTS, detail=detail)
