"""The status of a DB instance: how records and its key's changes move it.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html and
.../USER_Events.Messages.html. What time alone brings about stands in `clocks.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.frozen import replace
from analyzer.grounds import Ground
from analyzer.moment import Moment
from analyzer.recovery.access import AccessChange
from analyzer.recovery.calls import on_call, serving
from analyzer.recovery.clocks import Silence, armed, never, run_clocks
from analyzer.recovery.database import (
    RECOVERABLE,
    TERMINAL,
    DatabaseState,
    Input,
    Loss,
    Said,
)
from analyzer.recovery.grants import on_grant
from analyzer.recovery.moves import cleared
from analyzer.recovery.notices import on_notice
from analyzer.recovery.rules import Rulebook, in_force
from analyzer.resources.kms_grant import GrantMove
from analyzer.resources.rds_database.attributes import Traits, with_replica
from analyzer.resources.rds_database.events import (
    CLUSTER,
    INSTANCE,
    DatabaseCreated,
    DeploymentJoined,
    DeploymentMove,
    GlobalJoined,
    GlobalMove,
    ReplicaMove,
)
from analyzer.resources.rds_notice import DatabaseNotified
from analyzer.resources.rds_snapshot import SnapshotCreated
from analyzer.timeline import DAWN, Basis, Known, Timeline


def follow(
    arn: str,
    inputs: Sequence[Input],
    rulebook: Rulebook = in_force,
    is_silent: Silence = never,
) -> Timeline[DatabaseState]:
    """Fold everything that moves a DB instance to its states, clocks run to their end.

    Args:
        arn: how the instance is named before any record of its own is met.
        inputs: successful calls, RDS events and key changes, in any order.
        rulebook: which era's rules apply to a loss.
        is_silent: whether the evidence has a gap between two moments.
    """
    ordered = sorted(inputs, key=lambda one: one.order)
    kind = CLUSTER if ":cluster:" in arn else INSTANCE
    state = DatabaseState(traits=Traits(arn=arn, kind=kind))
    changes: list[tuple[Moment, DatabaseState]] = []
    if not ordered or not isinstance(_first_said(ordered), DatabaseCreated):
        changes.append((DAWN, state))
    for index, one in enumerate(ordered):
        later = ordered[index:]
        state = run_clocks(state, one.at, later, changes, is_silent)
        moved = _apply(state, one, ordered[index + 1 :], rulebook)
        if moved != state and (changes or one.said is not None):
            changes.append((one.at, moved))
        state = moved
    run_clocks(state, None, (), changes, is_silent)
    return Timeline(changes)


def _first_said(ordered: Sequence[Input]) -> Said | None:
    return next((one.said for one in ordered if one.said is not None), None)


def _apply(
    state: DatabaseState, one: Input, later: Sequence[Input], rulebook: Rulebook
) -> DatabaseState:
    if state.deleted_by is not None:
        return state
    if one.change is not None:
        return _on_access(state, one.change, rulebook)
    if one.evidence is None or one.said is None:
        return state
    if isinstance(one.said, SnapshotCreated):
        return serving(state, one.evidence)
    if isinstance(one.said, ReplicaMove):
        return replace(state, traits=with_replica(state.traits, one.said))
    if isinstance(one.said, GlobalMove):
        name = one.said.global_cluster if isinstance(one.said, GlobalJoined) else None
        return replace(state, traits=replace(state.traits, global_cluster=name))
    if isinstance(one.said, DeploymentMove):
        name = one.said.deployment if isinstance(one.said, DeploymentJoined) else None
        return replace(state, traits=replace(state.traits, deployment=name))
    if isinstance(one.said, GrantMove):
        return on_grant(state, one.said, one.evidence, rulebook)
    if isinstance(one.said, DatabaseNotified):
        if state.loss is None:
            state = replace(state, rules=rulebook(one.evidence.time))
        return on_notice(state, one.said, one.evidence)
    return on_call(state, one.said, one.evidence, later)


def _on_access(state: DatabaseState, change: AccessChange, rulebook: Rulebook) -> DatabaseState:
    if change.is_usable is not False:
        if not state.is_reachable:
            return replace(state, access=change.is_usable)
        return cleared(replace(state, access=change.is_usable))
    if state.access is False:
        return state
    since = change.since or Known.not_before(change.at, Basis.BOUNDED, Ground.LEDGER_BEGINS)
    lost = replace(
        state,
        access=False,
        rules=rulebook(since.at),
        loss=Loss(at=since, trail=change.trail, root=change.root)
        if _is_open(state)
        else state.loss,
    )
    return armed(lost, since.at) if lost.is_reachable else lost


def _is_open(state: DatabaseState) -> bool:
    """Whether a new loss may be booked: once inaccessible, the first loss stays the reason."""
    return state.status not in {RECOVERABLE, TERMINAL}
