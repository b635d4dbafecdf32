"""Shapes that several answers share, members in the contract's order, null for what is absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analyzer import moment
from analyzer.evidence import Evidence
from analyzer.history.history import History
from analyzer.lost import Lost
from analyzer.moment import Moment
from analyzer.recovery.copies import CopyState
from analyzer.recovery.rules import Rules
from analyzer.redacted import Redacted
from analyzer.timeline import DAWN, Basis, Known

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an answer rests on.

    Attributes:
        history: everything known within `known_at`.
        at: the moment asked about.
        known_at: number of ledger entries that were taken into account.
        cut: the same, ledger by ledger; empty where that makes no difference.
        conflicts: entries that contradict an earlier record, by that record's event id.
        contradictions: those entries themselves, in ledger order.
        undecoded: how many records nobody knows the meaning of (`analyzer.reader.Undecoded`).
        redacted: control records that were erased, so that nobody knows what they said.
        lost: shards of a fleet that could not be taken into account.
        rules: the one era by whose rules every loss is judged; None where each is judged by those
            of its own time.
    """

    history: History
    at: Moment
    known_at: int
    cut: tuple[int, ...] = ()
    conflicts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    contradictions: tuple[Evidence, ...] = ()
    undecoded: int = 0
    redacted: tuple[Redacted, ...] = ()
    lost: tuple[Lost, ...] = ()
    rules: Rules | None = None

    def head(self) -> Document:
        """Return the two times, and the rules that were asked for, as every answer states them."""
        return {
            "at": moment.text(self.at),
            "known_at": self.known_at,
            "rules": era(self.rules) if self.rules is not None else None,
        }


def era(rules: Rules) -> Document:
    """Return which rules judged, and which text says so."""
    return {"name": rules.name, "source": rules.source}


def time(at: Moment | None) -> str | None:
    """Spell a moment; None and what lies before the ledger begins are null."""
    return None if at is None or at == DAWN else moment.text(at)


def evidence(cited: Evidence | None) -> Document | None:
    """Return an evidence object, or null."""
    return None if cited is None else cited.document()


def bounds(known: Known | None) -> Document:
    """Return since, earliest, latest and basis of a moment."""
    if known is None:
        return {"since": None, "earliest": None, "latest": None, "basis": Basis.BOUNDED.value}
    return {
        "since": time(known.at),
        "earliest": time(known.earliest),
        "latest": time(known.latest),
        "basis": known.basis.value,
    }


def rule(known: Known | None) -> str | None:
    """Return the name of the rule behind a moment; null where a record states it."""
    return None if known is None or known.ground is None else known.ground.value


def copy(state: CopyState) -> Document:
    """Return a copy as `explain` lists it."""
    return {
        "id": state.id,
        "kind": state.kind.value,
        "key": state.key,
        "condition": state.condition.value,
        "since": time(state.since.at),
        "restorable_to": time(state.restorable_to),
        "expires": time(state.expires),
        "cause": evidence(state.cause),
        "basis": state.since.basis.value,
        "rule": rule(state.since),
    }
