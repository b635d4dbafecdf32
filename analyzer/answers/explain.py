"""`explain`: the verdict on one database, its reasons, and what would save it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from analyzer.answers.doubt import doubt, doubt_notes
from analyzer.answers.forecast import forecast
from analyzer.answers.lineage import lineage, lineage_notes
from analyzer.answers.notes import (
    conflict_notes,
    era_notes,
    failover_notes,
    gap_notes,
    notes,
    oddity_notes,
    redaction_notes,
    refusal_notes,
    switchover_notes,
)
from analyzer.answers.rights import rights_notes
from analyzer.answers.shape import Document, Scope, bounds, copy, era, evidence, time
from analyzer.answers.vouching import unvouched_notes
from analyzer.counterfactual.counterfactual import decisive
from analyzer.errors import UnknownResourceError
from analyzer.evidence import Evidence
from analyzer.grounds import OF_LOST_KEY, SOURCES
from analyzer.moment import SECOND, Moment
from analyzer.progress import Progress, unheard
from analyzer.recovery.actions import Action, actions
from analyzer.recovery.clocks import INACCESSIBLE_TO_TERMINAL
from analyzer.recovery.copies import CopyState
from analyzer.recovery.database import DatabaseState
from analyzer.recovery.verdict import Judgement, Verdict
from analyzer.resources.kms_key.state import KeyState

Refused = Callable[[str, Moment], Evidence | None]
"""Finds the first of the refusals of a key (ARN) that went on until a moment, if there is one."""


def explain(
    scope: Scope,
    identity: str,
    refused: Refused = lambda _key, _at: None,
    on_progress: Progress = unheard,
) -> Document:
    """Build the contract's `explain` document.

    Args:
        scope: what is known and which moment is asked about.
        identity: the database's immutable id.
        refused: looks among the uses of a key; asked only where RDS alone tells of a loss.
        on_progress: told how many events of how many were crossed out to find the decisive ones.

    Raises:
        UnknownResourceError: the database did not exist yet at that moment.
    """
    history, at = scope.history, scope.at
    state, judgement = _judged(scope, identity)
    key_arn = history.groups.key_of(identity)
    key = history.key(key_arn).at(at) if key_arn is not None else None
    loss = state.loss
    is_unexplained = loss is not None and loss.is_unexplained
    refusal = refused(key_arn, loss.at.at) if loss and key_arn and is_unexplained else None
    return {
        **outline(scope, identity),
        "in_place": in_place(state, key, refusal),
        "decisive": [one.document() for one in _decisive(scope, identity, judgement, on_progress)],
        "forecast": [one.document() for one in forecast(history, identity, at)],
        **lineage(scope, identity),
        "rules": era(state.rules),
        "rests_on": list(_rests_on(state, judgement)),
        "notes": list(_noted(scope, identity, key_arn, refusal)),
    }


def _noted(
    scope: Scope, identity: str, key_arn: str | None, refusal: Evidence | None
) -> Iterator[str]:
    """Yield all that a reader must know of how far the answer reaches."""
    state, judgement = _judged(scope, identity)
    copies = copies_at(scope, identity)
    key = scope.history.key(key_arn).at(scope.at) if key_arn is not None else None
    yield from doubt_notes(scope, judgement)
    yield from notes(state, judgement, copies, key)
    yield from refusal_notes(refusal)
    yield from lineage_notes(scope, identity, judgement)
    yield from rights_notes(scope, identity, state, copies)
    yield from gap_notes(scope, identity, state)
    yield from switchover_notes(scope, state, copies)
    yield from failover_notes(scope, identity)
    if state.loss is not None:
        yield from unvouched_notes(scope, state.traits.arn, state.loss)
    yield from era_notes(scope, identity)
    yield from oddity_notes(scope, key_arn)
    yield from redaction_notes(scope, _names(state, key_arn, copies))
    yield from conflict_notes(scope, (*judgement.chain, judgement.cause, judgement.root))


def outline(scope: Scope, identity: str) -> Document:
    """Build what of `explain` is a matter of looking up: no event is crossed out, nothing replayed.

    Returns:
        The members of `explain` in their order, `decisive` empty, without those behind `actions`.

    Raises:
        UnknownResourceError: the database did not exist yet at that moment.
    """
    state, judgement = _judged(scope, identity)
    copies = copies_at(scope, identity)
    key_arn = scope.history.groups.key_of(identity)
    key = scope.history.key(key_arn).at(scope.at) if key_arn is not None else None
    return {
        **_identity(state, key_arn),
        **scope.head(),
        "verdict": judgement.verdict.value,
        "doubt": doubt(judgement),
        "unrecoverable": None
        if judgement.unrecoverable is None
        else bounds(judgement.unrecoverable),
        "in_place": in_place(state, key),
        **_reasons(judgement),
        "copies": [copy(one) for one in copies],
        "data_loss_seconds": None if judgement.lost_data is None else judgement.lost_data // SECOND,
        "data_loss_basis": judgement.lost_data_basis and judgement.lost_data_basis.value,
        "actions": [_action(one) for one in _actions(scope, state, copies, judgement)],
    }


def _judged(scope: Scope, identity: str) -> tuple[DatabaseState, Judgement]:
    state = scope.history.database(identity).at(scope.at)
    judgement = scope.history.judgements(identity).at(scope.at)
    if state is None or judgement is None:
        raise UnknownResourceError(identity, ())
    return state, judgement


def _rests_on(state: DatabaseState, judgement: Judgement) -> Iterator[Document]:
    """Name the rule behind each statement that no record makes, the era's where it has one."""
    stated = {
        "in_place": state.since,
        "in_place.terminal_at": state.terminal or state.enters,
        "unrecoverable": judgement.unrecoverable,
    }
    for statement, known in stated.items():
        if known is None or known.ground is None:
            continue
        of_era = state.rules if known.ground in OF_LOST_KEY else None
        yield {
            "statement": statement,
            "rule": known.ground.value,
            "source": SOURCES[known.ground],
            "era": None if of_era is None else of_era.name,
        }


def _names(
    state: DatabaseState, key: str | None, copies: Sequence[CopyState]
) -> tuple[str | None, ...]:
    """Return by which names records may speak of a database, its key and its copies."""
    traits = state.traits
    own = (traits.arn, traits.name, traits.resource_id, key, key and key.rpartition("/")[2])
    return (*own, *(name for one in copies for name in (one.id, one.key)))


def _identity(state: DatabaseState, key: str | None) -> Document:
    return {
        "database": state.traits.arn,
        "name": state.traits.name or state.traits.arn.rpartition(":")[2],
        "resource_id": state.traits.resource_id,
        "kind": state.traits.kind,
        "key": key,
    }


def _reasons(judgement: Judgement) -> Document:
    """Say which events brought it about, and until when it could be helped."""
    return {
        "cause": evidence(judgement.cause),
        "root_cause": evidence(judgement.root),
        "chain": [one.document() for one in judgement.chain],
        "decisive": [],
        "recoverable_until": time(judgement.until),
    }


def copies_at(scope: Scope, identity: str) -> tuple[CopyState, ...]:
    """Return every copy made up to the moment, in the state it had then."""
    states = (one.at(scope.at) for one in scope.history.copies(identity))
    return tuple(state for state in states if state is not None)


def in_place(
    state: DatabaseState, key: KeyState | None, refusal: Evidence | None = None
) -> Document:
    """Return the clock of the live database; a first refusal of its key may date its loss."""
    terminal = terminal_at(state)
    limits = [terminal, key.lost_after if key is not None else None]
    known = [limit for limit in limits if limit is not None]
    lost_at = state.loss.at.at if state.loss is not None else None
    if refusal is not None:
        lost_at = refusal.time
    return {
        "status": state.status,
        **bounds(state.since),
        "access_lost_at": time(lost_at),
        "terminal_at": time(terminal),
        "deadline": time(min(known)) if known else None,
    }


def terminal_at(state: DatabaseState) -> Moment | None:
    """Return when the instance is terminal if nobody acts, or was; None without a clock."""
    if state.terminal is not None:
        return state.terminal.at
    if state.enters is None or not state.is_reachable:
        return None
    return state.enters.at + (INACCESSIBLE_TO_TERMINAL if state.traits.can_stop else 0)


def _decisive(
    scope: Scope, identity: str, judgement: Judgement, on_progress: Progress
) -> tuple[Evidence, ...]:
    if judgement.verdict is not Verdict.UNRECOVERABLE:
        return ()
    return decisive(scope.history, identity, scope.at, on_progress)


def _actions(
    scope: Scope, state: DatabaseState, copies: Sequence[CopyState], judgement: Judgement
) -> tuple[Action, ...]:
    if judgement.seen is Verdict.UNKNOWN:
        return ()
    return actions(state, copies, lambda arn: scope.history.key(arn).at(scope.at))


def _action(one: Action) -> Document:
    return {
        "do": one.do,
        "on": one.on,
        "before": time(one.before),
        "then": one.then,
        "parameters": dict(one.parameters) or None,
    }
