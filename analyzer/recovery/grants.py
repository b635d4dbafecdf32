"""RDS's own grants on a key: what their withdrawal means for the database they serve.

The documents contradict each other. The RDS guide of 2023 names the loss of RDS's access to the
key, by whatever cause; that of 2026 names only the disabled key, and AWS Backup's guide lists
revoked grants as a cause of failed jobs. So by the rules of 2026 the withdrawal puts a database at
risk and moves nothing.
"""

from __future__ import annotations

from dataclasses import replace

from analyzer.evidence import Evidence
from analyzer.recovery.clocks import armed
from analyzer.recovery.database import DatabaseState, Loss
from analyzer.recovery.rules import Rulebook
from analyzer.resources.kms_grant import GrantGiven, GrantMove
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
    since = Known(at=evidence.time, basis=Basis.BOUNDED, earliest=evidence.time, latest=None)
    loss = Loss(at=since, trail=(evidence,), root=evidence, is_of_grant=True)
    lost = replace(left, loss=loss, rules=rulebook(evidence.time))
    return armed(lost, evidence.time) if lost.rules.needs_grant else lost
