"""Auditing: every hash of every shard, and every checkpoint of it that the fleet sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analyzer.answers.shape import Document
from analyzer.fleet.register import Register
from analyzer.fleet.shard import Shard
from analyzer.place import base_of
from ledger.audit import audit
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError
from ledger.keys import PublicKey
from ledger.proving import require_extends
from ledger.report import AuditReport, BreakKind, Outcome
from ledger.store import Ledger

Progress = Callable[[int, int], None]
"""Told how many entries of how many are gone through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardAudit:
    """What came of one shard.

    Attributes:
        shard: which one.
        outcome: the answer.
        report: what the audit of its ledger found; None where it cannot be opened.
        detail: what is wrong beside that; None for nothing.
    """

    shard: Shard
    outcome: Outcome
    report: AuditReport | None
    detail: str | None

    def document(self) -> Document:
        """Return it as a row of `shards`."""
        sealed, report = self.shard.sealed, self.report
        audited = {} if report is None else report.document()
        kept = None if report is None or report.kept is None else report.kept.extends
        return {
            "number": self.shard.number,
            "name": self.shard.name,
            "outcome": self.outcome.value,
            **{name: audited.get(name) for name in ("size", "root", "link", "checked")},
            "breaks": audited.get("breaks", []),
            "more_breaks": audited.get("more_breaks", 0),
            "sealed": None
            if sealed is None
            else {"size": sealed.size, "root": sealed.root.hex(), "extends": kept},
            "heads": len(self.shard.heads),
            "detail": self.detail,
            "notes": audited.get("notes", []),
        }

    def breaks(self) -> Iterator[Document]:
        """Yield its breaks as those of a fleet: with the shard, and entries under their numbers."""
        base = base_of(self.shard.number)
        for one in () if self.report is None else self.report.breaks:
            index = None if one.index is None else base + one.index
            yield _break(self.shard, index, one.kind, one.detail)
        if self.outcome is Outcome.BROKEN and self.detail is not None:
            yield _break(self.shard, None, BreakKind.ROOT, self.detail)


def _break(shard: Shard, index: int | None, kind: BreakKind, detail: str) -> Document:
    return {"shard": shard.name, "index": index, "kind": kind.value, "detail": detail}


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetAudit:
    """What came of all of them, and of the fleet's own ledger; None where it has none."""

    shards: Sequence[ShardAudit]
    register: AuditReport | None

    @property
    def outcome(self) -> Outcome:
        """The answer: the worst of all."""
        found = {one.outcome for one in self.shards}
        if self.register is not None:
            found.add(self.register.outcome)
        if Outcome.BROKEN in found:
            return Outcome.BROKEN
        return Outcome.INTACT if found == {Outcome.INTACT} else Outcome.INCOMPLETE

    def document(self) -> Document:
        """Return it as a JSON object, in the shape of `fleet audit`."""
        return {
            "outcome": self.outcome.value,
            "size": sum(one.report.size for one in self.shards if one.report is not None),
            "breaks": [found for one in self.shards for found in one.breaks()],
            "checkpoints": {"checked": sum(len(one.shard.heads) for one in self.shards)},
            "shards": [one.document() for one in self.shards],
            "fleet": None if self.register is None else self.register.document(),
            "notes": list(self._notes()),
        }

    def _notes(self) -> Iterator[str]:
        if self.register is None:
            yield (
                "no checkpoint of the fleet was ever made, so nobody can tell whether a shard is "
                "missing, or was cut: keyledger fleet checkpoint makes one"
            )
        for one in self.shards:
            if one.outcome is Outcome.INCOMPLETE:
                yield f"shard {one.shard.name} could not be checked: {one.detail or 'it is empty'}"
        unsealed = [one.shard.name for one in self.shards if not one.shard.heads]
        if unsealed and self.register is not None:
            yield f"not sealed by the fleet yet: {', '.join(unsealed)}"


def audit_fleet(
    shards: Sequence[Shard],
    register: Register | None,
    on_progress: Progress | None,
    *,
    against: Checkpoint | None = None,
    key: PublicKey | None = None,
) -> FleetAudit:
    """Recompute every hash of a fleet.

    Args:
        shards: of the fleet.
        register: its own ledger.
        on_progress: told the entries gone through, shard by shard.
        against: a checkpoint of the fleet that was kept elsewhere.
        key: the fleet's public key.
    """
    own = None
    if register is not None:
        own = audit(register.ledger, against=against, key=key)
    return FleetAudit(shards=tuple(_audited(shard, on_progress) for shard in shards), register=own)


def _audited(shard: Shard, on_progress: Progress | None) -> ShardAudit:
    try:
        ledger = Ledger.open(shard.path, readonly=True)
    except LedgerError as error:
        lost = shard.lost(error)
        outcome = Outcome.BROKEN if lost.trouble.contradicts else Outcome.INCOMPLETE
        return ShardAudit(shard=shard, outcome=outcome, report=None, detail=lost.detail)
    with ledger:
        report = audit(ledger, against=shard.sealed, progress=on_progress, workers=None)
        forked = _forked(ledger, shard) if report.outcome is Outcome.INTACT else None
    worst = Outcome.BROKEN if forked is not None else report.outcome
    return ShardAudit(shard=shard, outcome=worst, report=report, detail=forked)


def _forked(ledger: Ledger, shard: Shard) -> str | None:
    """Return which sealed head an intact ledger does not extend; None where it extends all."""
    for one in shard.heads:
        try:
            require_extends(ledger, one.head.checkpoint)
        except LedgerError as error:
            return f"entry {one.entry} of the fleet's own ledger seals another past: {error}"
    return None
