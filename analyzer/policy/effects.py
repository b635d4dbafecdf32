"""Effects: what a change of policy means: who lost or gained what, and what fails from now on.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html (RDS
works on a grant of its own, which outlives the rights of whoever created the database; a Deny that
does not exempt the account may fail operations), https://docs.aws.amazon.com/kms/latest/
developerguide/key-policy-default.html (a key that nobody may manage).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, assert_never

from analyzer.policy.access import (
    COPYING,
    CREATING,
    MANAGE,
    SAVING,
    decides,
    directly,
    has_account,
    is_outsider,
    managers,
    principals_of,
    root_of,
    shuts_out_rds,
    through_rds,
)
from analyzer.policy.compare import actions as spelled_actions
from analyzer.policy.compare import principal as spelled_principal
from analyzer.policy.compare import principals as spelled_principals
from analyzer.policy.document import EVERYBODY, Policy
from analyzer.policy.match import Truth
from analyzer.wording import named

_KEPT: Final = 1 << 10
"""Changes of policy of which the effects are kept: an organisation writes few, on many keys."""


class Kind(StrEnum):
    """What a change of policy did."""

    LOCKED_OUT = "locked-out"
    ACCOUNT_REMOVED = "account-removed"
    RDS_DENIED = "rds-denied"
    TAKEN = "taken"
    GIVEN = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One effect of a change.

    Attributes:
        kind: what it is.
        is_certain: whether the policy alone decides; else IAM policies or conditions do, of which
            no record tells.
        principal: whose permission was touched; None where nobody in particular.
        actions: the permissions.
        left: who may still manage the key.
    """

    kind: Kind
    is_certain: bool = True
    principal: str | None = None
    actions: tuple[str, ...] = ()
    left: frozenset[str] = frozenset()


_WATCHED: Final = (*CREATING, *COPYING, *SAVING, MANAGE)

_DOINGS: Final = (
    (CREATING, "create or restore databases under the key"),
    (COPYING, "copy its snapshots"),
    (SAVING, "enable it or cancel its deletion"),
    ((MANAGE,), "change its policy"),
)


def effects(before: Policy | None, after: Policy, key: str) -> Iterator[Effect]:
    """Yield what a change did.

    Args:
        before: the policy that was replaced; None where no record tells it.
        after: the policy from now on.
        key: the key's ARN.
    """
    # Most keys have the default policy, and of their ARNs only account and Region matter.
    yield from _effects(before, after, key.rpartition("/")[0] or key)


@lru_cache(maxsize=_KEPT)
def _effects(before: Policy | None, after: Policy, place: str) -> tuple[Effect, ...]:
    return tuple(_worked_out(before, after, place))


def _worked_out(before: Policy | None, after: Policy, key: str) -> Iterator[Effect]:
    left = managers(after, key)
    if _are_outsiders(left, key) and not (before is not None and is_locked(before, key)):
        yield Effect(kind=Kind.LOCKED_OUT, left=left)
    elif before is not None and has_account(before, key) and not has_account(after, key):
        yield Effect(kind=Kind.ACCOUNT_REMOVED, left=left)
    denied, was_denied = shuts_out_rds(after, key), before and shuts_out_rds(before, key)
    if denied is not False and denied is not was_denied:
        yield Effect(kind=Kind.RDS_DENIED, is_certain=denied is True)
    if before is not None:
        yield from _taken(before, after, key)
    yield from _given(before, after, key)


def stands(effect: Effect, policy: Policy, key: str) -> bool:
    """Whether an effect of an earlier change still holds under a later policy."""
    match effect.kind:
        case Kind.LOCKED_OUT:
            return is_locked(policy, key)
        case Kind.ACCOUNT_REMOVED:
            return not has_account(policy, key)
        case Kind.RDS_DENIED:
            return shuts_out_rds(policy, key) is not False
        case Kind.TAKEN:
            lost = (False,) if effect.is_certain else (False, None)
            return any(_may(policy, effect, one, key) in lost for one in effect.actions)
        case Kind.GIVEN:
            return any(_may(policy, effect, one, key) is not False for one in effect.actions)
        case _:
            assert_never(effect.kind)


def is_locked(policy: Policy, key: str) -> bool:
    """Whether nobody in the key's own account may change its policy."""
    return _are_outsiders(managers(policy, key), key)


def _are_outsiders(principals: frozenset[str], key: str) -> bool:
    return all(is_outsider(one, key) for one in principals)


def sentence(effect: Effect) -> str:
    """Return an effect in words, without a full stop: what fails, and what still works."""
    match effect.kind:
        case Kind.LOCKED_OUT:
            if effect.left:
                others = spelled_principals(effect.left)
                return f"in its own account nobody is left who may change its policy, only {others}"
            return "nobody is left who may change its policy; only AWS Support can help"
        case Kind.ACCOUNT_REMOVED:
            left = spelled_principals(effect.left)
            return (
                "the account's own statement is gone, so that IAM policies allow nothing on it any "
                f"more; it is managed by {left} alone"
            )
        case Kind.RDS_DENIED:
            also, fail = ("also matches", "fail") if effect.is_certain else (
                "may also match", "may fail"
            )  # fmt: skip
            return (
                f"an explicit Deny {also} RDS itself: new databases, restores and copies {fail}, "
                "and what runs may lose the key"
            )
        case Kind.TAKEN:
            if effect.is_certain:
                may = f"{_whose(effect)} may no longer {_doings(effect)}"
            else:
                may = (
                    f"{_whose(effect)} may {_doings(effect)} only where IAM policies or conditions "
                    "allow it, no longer by the key policy itself"
                )
            return f"{may}; databases that run keep RDS's own grant"
        case Kind.GIVEN:
            return f"{_whose(effect)} may now {_doings(effect)}"
        case _:
            assert_never(effect.kind)


def _taken(before: Policy, after: Policy, key: str) -> Iterator[Effect]:
    """Yield what was taken from each principal by name.

    Where the account's own statement went, what IAM policies may have allowed went for everybody;
    that is one effect of its own and not repeated for each.
    """
    enough = (True,) if has_account(before, key) and not has_account(after, key) else (True, None)
    for one in sorted(principals_of(before) - {root_of(key)}):
        for is_certain in (True, False):
            lost = tuple(
                action
                for action in _WATCHED
                if _is_lost(
                    _grade(before, one, action, key),
                    _grade(after, one, action, key),
                    enough if is_certain else None,
                )
            )
            if lost:
                yield Effect(kind=Kind.TAKEN, is_certain=is_certain, principal=one, actions=lost)


def _is_lost(was: Truth, now: Truth, enough: tuple[Truth, ...] | None) -> bool:
    """Whether a permission went for certain, or (*enough* None) into the hands of IAM policies."""
    if enough is None:
        return was is True and now is None
    return was in enough and now is False


def _given(before: Policy | None, after: Policy, key: str) -> Iterator[Effect]:
    for one in sorted(principals_of(after)):
        if not is_outsider(one, key):
            continue
        enough: tuple[Truth, ...] = (True,) if one == EVERYBODY else (True, None)
        gained = tuple(
            action
            for action in _WATCHED
            if _grade(after, one, action, key) in enough
            and not (before is not None and _grade(before, one, action, key) in enough)
        )
        if gained:
            yield Effect(kind=Kind.GIVEN, principal=one, actions=gained)


def _may(policy: Policy, effect: Effect, action: str, key: str) -> Truth:
    return _grade(policy, effect.principal or EVERYBODY, action, key)


def _grade(policy: Policy, principal: str, action: str, key: str) -> Truth:
    """Return whether a principal may do *action*: through RDS what RDS asks for, else directly."""
    through = action in CREATING or action in COPYING
    caller = through_rds(principal, key) if through else directly(principal)
    return decides(policy, caller, action)


def _whose(effect: Effect) -> str:
    if effect.kind is Kind.TAKEN and effect.principal == EVERYBODY:
        return "everybody whom a statement for all let in"
    return spelled_principal(effect.principal or EVERYBODY)


def _doings(effect: Effect) -> str:
    done = [what for needed, what in _DOINGS if set(needed) & set(effect.actions)]
    return f"{named(done)} ({spelled_actions(effect.actions)})"
