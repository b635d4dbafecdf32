"""Verdict: the answer about a database at a moment that contract and pages demand."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.model import clock
from tests.model.clock import Phase
from tests.model.copies import Book, Copy, Loss
from tests.model.known import Known
from tests.model.script import Step

LOST = {"dead", "gone"}


@dataclass(slots=True)
class Verdict:
    """What is true of a database at a moment.

    Attributes:
        loss: when everything was lost; None while something is left.
        until: the last moment at which an action still saves data, None for no limit or nothing.
        root: the accountable call, for a loss of data or else of access.
    """

    word: str
    loss: Loss | None
    until: int | None
    root: Step | None
    phase: Phase
    copies: list[Copy]


def judge(known: Known, db: str, at: int) -> Verdict:
    """Judge a database that exists, or has existed, at a moment."""
    book = Book(known, db, at)
    copies = book.copies()
    key = known.key(book.key_of(db), at)
    assert key is not None
    phase = now(clock.phases(known, db, key.name), at)
    loss = whole_loss(copies)
    if loss is not None:
        before = Book(known, db, loss.earliest - 1, has_hindsight=True)
        until = limit([one for one in before.copies() if one.condition not in LOST])
        return Verdict("unrecoverable", loss, until, loss.root, phase, copies)
    until = limit([one for one in copies if one.condition not in LOST])
    root = key.lost_by
    if phase.status not in {"available", "stopped"}:
        root = phase.root or root
    if phase.status == "deleted":
        root = phase.root or deletion(known, db, key.name)
    return Verdict(_word(phase, copies, is_usable=key.is_usable), None, until, root, phase, copies)


def deletion(known: Known, db: str, key: str) -> Step:
    """Who answers for it that a deleted database cannot be reached: whoever had come first."""
    [step] = [
        one for one in known.script
        if one.deed == "delete_db_instance" and known.is_about(one, db) and not one.error
    ]  # fmt: skip
    held = known.key(key, step.at)
    assert held is not None
    return held.lost_by or step


def _word(phase: Phase, copies: list[Copy], *, is_usable: bool) -> str:
    """The first word that fits (contract, section 2, explain)."""
    if phase.status in {"available", "stopped"} and is_usable:
        return "healthy"
    if phase.status == "available":
        return "at-risk"
    if any(one.condition == "usable" and one.is_counted for one in copies):
        return "recoverable"
    return "recoverable-with-action"


def now(phases: list[Phase], at: int) -> Phase:
    """The phase that holds at a moment."""
    return [one for one in phases if one.at <= at][-1]


def whole_loss(copies: list[Copy]) -> Loss | None:
    """When the last copy was lost; None while one is left."""
    counted = [one for one in copies if one.is_counted]
    if any(one.condition not in LOST for one in counted):
        return None
    found = [one.loss for one in counted if one.loss is not None]
    last = max(found, key=lambda one: (one.earliest, one.latest))
    latest = max(one.latest for one in found)
    basis = last.basis
    if latest > last.latest:
        basis = next(one.basis for one in found if one.latest == latest)
    return replace(last, latest=latest, basis=basis)


def limit(copies: list[Copy]) -> int | None:
    """The latest of the copies' own earliest limits; None where one has none, or none is left."""
    counted = [one for one in copies if one.is_counted]
    if not counted or any(not one.limits for one in counted):
        return None
    return max(min(one.limits) for one in counted)
