"""Rights: notes on who may use and manage the key of a database, and what took that away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analyzer.answers.shape import Scope
from analyzer.policy.changes import changes, standing
from analyzer.policy.document import Unreadable
from analyzer.policy.effects import Kind, sentence
from analyzer.recovery.copies import CopyState
from analyzer.recovery.database import DELETED, DatabaseState
from analyzer.resources.kms_grant import GrantTaken
from analyzer.wording import cited


def rights_notes(
    scope: Scope, identity: str, state: DatabaseState, copies: Sequence[CopyState]
) -> Iterator[str]:
    """Yield a note for each change of policy or grant that still bears on a database."""
    key = scope.history.key_of(identity)
    if key is not None:
        yield from _on_policy(scope, key)
    if state.status != DELETED:
        yield from _on_grants(scope, identity, state)
    left = [one for one in copies if not one.condition.is_lost]
    if left and all(is_managed_by_aws(scope, one.key) for one in left):
        yield (
            "Every copy that is left lies under a key managed by AWS: none can be shared with "
            "another account before it is copied under a key of your own."
        )


def is_managed_by_aws(scope: Scope, key: str | None) -> bool:
    """Whether a key is AWS's own in the account, at the moment asked about."""
    state = scope.history.key(key).at(scope.at) if key is not None else None
    return state is not None and state.manager == "AWS"


def _on_policy(scope: Scope, key: str) -> Iterator[str]:
    held = changes(key, scope.history.groups.key_facts.get(key, ()))
    for one in standing(key, held):
        by = one.change.by
        is_over = one.until is not None and one.until <= scope.at
        if by.time > scope.at or is_over or one.effect.kind is Kind.GIVEN:
            continue
        yield f"{cited(by)}, on the key's policy: {sentence(one.effect)}."
    latest = [change for change in held if change.by.time <= scope.at]
    if latest and isinstance(latest[-1].policy, Unreadable):
        yield (
            f"{cited(latest[-1].by)}: what the key's policy allows is unknown, "
            f"{latest[-1].policy.reason}."
        )


def _on_grants(scope: Scope, identity: str, state: DatabaseState) -> Iterator[str]:
    """Yield who withdrew the grants of a database, if none is left."""
    moves = scope.history.groups.grant_moves.get(identity, ())
    past = [move for move in moves if move.at <= scope.at]
    if state.grants or not past:
        return
    taken = [move.evidence for move in past if isinstance(move.said, GrantTaken)]
    last = taken[-1] if taken else None
    if last is not None:
        yield (
            f"{cited(last)} withdrew the last grant on record by which RDS uses the key for this "
            "database: what runs may go on, but starting, restoring and copying fail until there "
            "is a new one."
        )
