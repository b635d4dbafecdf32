"""Counterfactuals: what would have been without some events, or with others; by replay.

One engine serves `decisive` in `explain` and the whole of `whatif`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.counterfactual.consequences import echoes_of, followers_of, orphans_of
from analyzer.evidence import Evidence
from analyzer.history.component import component
from analyzer.history.history import History
from analyzer.moment import Moment
from analyzer.progress import Progress, unheard
from analyzer.recovery.verdict import Verdict
from analyzer.resource import Fact
from analyzer.resources.kms_key.events import KeyPolicyPut, KeyRotated, KeyTouched
from analyzer.resources.rds_database.events import DatabaseCreated
from analyzer.resources.rds_sharing import SnapshotShared


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothetical:
    """What would have been.

    Attributes:
        history: the replay.
        dropped: facts that could only follow from what was crossed out, or that what was added
            rules out; in time order.
    """

    history: History
    dropped: tuple[Fact, ...]


def imagined(
    history: History, crossed_out: Iterable[int], added: Iterable[Fact] = ()
) -> Hypothetical:
    """Replay a history without some of its entries, with others, and with what follows from that.

    Args:
        history: the baseline, which stays as it is.
        crossed_out: ledger indexes of the events to leave out.
        added: facts to put in; the index of each is below 0 and its own.
    """
    removed, extra = set(crossed_out), tuple(added)
    dropped: dict[int, Fact] = {}

    def drop(facts: Iterable[Fact]) -> None:
        for fact in facts:
            dropped[fact.evidence.entry] = fact
            removed.add(fact.evidence.entry)

    drop(followers_of(history, removed, extra))
    drop(orphans_of(history, removed))
    hypothetical = _replayed(history, removed, extra)
    echoes = echoes_of(history, hypothetical)
    if echoes:
        drop(echoes)
        hypothetical = _replayed(history, removed, extra)
    told = sorted(dropped.values(), key=lambda fact: fact.evidence.order)
    return Hypothetical(history=hypothetical, dropped=tuple(told))


def decisive(
    history: History, identity: str, at: Moment, on_progress: Progress = unheard
) -> tuple[Evidence, ...]:
    """Return every single event without which the database would not be unrecoverable at *at*.

    Each candidate is crossed out in turn and the component of the database replayed without it.
    """
    alone = component(history, identity)
    found = []
    for done, fact in enumerate(alone.groups.facts):
        on_progress(done, len(alone.groups.facts))
        if fact.evidence.time > at or not _is_candidate(fact):
            continue
        hypothetical = imagined(alone, (fact.evidence.entry,)).history
        if identity not in hypothetical.groups.database_facts:
            continue  # what never was cannot be saved
        judgement = hypothetical.judgements(identity).at(at)
        if judgement is not None and judgement.verdict not in {
            Verdict.UNRECOVERABLE,
            Verdict.UNKNOWN,
        }:
            found.append(fact.evidence)
    return tuple(found)


def _is_candidate(fact: Fact) -> bool:
    return not fact.has_failed and not isinstance(
        fact.event, KeyTouched | KeyPolicyPut | KeyRotated | DatabaseCreated | SnapshotShared
    )


def _replayed(history: History, removed: set[int], added: tuple[Fact, ...]) -> History:
    kept = (fact for fact in history.groups.facts if fact.evidence.entry not in removed)
    return History((*kept, *added), history.rulebook, history.unvouched)
