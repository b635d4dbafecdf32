"""RDS's own grants on a key: what their withdrawal means for the database they serve.

The documents contradict each other. The RDS guide of 2023 names the loss of RDS's access to the
key, by whatever cause; that of 2026 names only the disabled key, and AWS Backup's guide lists
revoked grants as a cause of failed jobs. So by the rules of 2026 the withdrawal puts a database at
risk and moves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from analyzer.evidence import Evidence
from analyzer.frozen import replace
from analyzer.grounds import Ground
from analyzer.recovery.clocks import armed
from analyzer.recovery.database import DatabaseState, Input, Loss
from analyzer.recovery.rules import Rulebook
from analyzer.resource import Fact
from analyzer.resources.kms_grant import GrantCreated, GrantEvent, GrantGiven, GrantMove, GrantTaken
from analyzer.timeline import Basis, Known


def on_grant(
    state: DatabaseState, said: GrantMove, evidence: Evidence, rulebook: Rulebook
) -> DatabaseState:
    """Follow a grant that names this database: given, or withdrawn."""
    if isinstance(said, GrantGiven):
        held = replace(state, grants=state.grants | {said.grant})
        is_back = state.loss is not None and state.loss.is_of_grant and state.is_reachable
        return replace(held, loss=None, enters=None, path=()) if is_back else held
    if said.grant not in state.grants:
        return state
    left = replace(state, grants=state.grants - {said.grant})
    if left.grants or left.loss is not None or not left.is_reachable:
        return left
    since = Known.not_before(evidence.time, Basis.BOUNDED, Ground.GRANT_WITHDRAWN)
    loss = Loss(at=since, trail=(evidence,), root=evidence, is_of_grant=True)
    lost = replace(left, loss=loss, rules=rulebook(evidence.time))
    return armed(lost, evidence.time) if lost.rules.needs_grant else lost


def grant_moves(facts: Iterable[Fact]) -> dict[str, list[Input]]:
    """Return, by the resource id of each database, when grants for it were given and withdrawn.

    Args:
        facts: in time order; a withdrawal names only the grant, its database is the creation's.
    """
    moves: dict[str, list[Input]] = defaultdict(list)
    owner: dict[tuple[str, str], str] = {}
    for fact in facts:
        event, by = fact.event, fact.evidence
        if fact.has_failed or not isinstance(event, GrantEvent) or not event.grant:
            continue
        move: GrantMove = GrantTaken(grant=event.grant)
        if isinstance(event, GrantCreated):
            move = GrantGiven(grant=event.grant)
            if event.database is not None:
                owner[event.key, event.grant] = event.database
        identity = owner.get((event.key, event.grant))
        if identity is not None:
            moves[identity].append(Input(at=by.time, said=move, evidence=by))
    return dict(moves)
