"""Comparison: what changed between two policies, statement by statement, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from analyzer.policy.access import is_deleted
from analyzer.policy.document import EVERYBODY, Condition, Policy, Statement
from analyzer.wording import account_of, named, short

T = TypeVar("T")

MOST: Final = 10
"""So many actions, principals and values are spelled out; the record has them all."""


def difference(before: Policy, after: Policy) -> tuple[str, ...]:
    """Return a line for each statement that was removed, added or changed; none where all is equal.

    Statements are told apart by their Sid where they have one, else by effect and principals; one
    that only has another Sid is the same.
    """
    was, will_be = _contents(before), _contents(after)
    removed = [one for one in before.statements if replace(one, sid=None) not in will_be]
    added = [one for one in after.statements if replace(one, sid=None) not in was]
    lines: list[str] = []
    for old in list(removed):
        new = next((one for one in added if _identity(one) == _identity(old)), None)
        if new is None:
            continue
        removed.remove(old)
        added.remove(new)
        lines.append(f"changed {_called(old)}: {'; '.join(_changes(old, new))}")
    lines += [f"removed {told(one)}" for one in removed]
    lines += [f"added {told(one)}" for one in added]
    return tuple(lines)


def told(statement: Statement) -> str:
    """Return a statement in words."""
    conditions = [_condition(one) for one in statement.conditions]
    only = f", only if {' and '.join(conditions)}" if conditions else ""
    return f"{_effect(statement)} {_actions(statement)} for {_principals(statement)}{only}"


def principal(written: str) -> str:
    """Return a principal in words."""
    if written == EVERYBODY:
        return "everybody"
    if is_deleted(written):
        return f"{written} (deleted)"
    account = account_of(written)
    if account is None:
        return written
    who = short(written)
    return f"the account {account}" if who == "root" else f"{who} of {account}"


def principals(written: Iterable[str]) -> str:
    """Return principals in words, sorted."""
    return _listed(sorted(principal(one) for one in written))


def actions(written: Iterable[str]) -> str:
    """Return actions in words, sorted."""
    return _listed(sorted(one.removeprefix("kms:") if one != "kms:*" else one for one in written))


def _contents(policy: Policy) -> frozenset[Statement]:
    return frozenset(replace(one, sid=None) for one in policy.statements)


def _listed(names: Sequence[str]) -> str:
    return named(names, most=MOST)


def _identity(statement: Statement) -> tuple[object, ...]:
    if statement.sid is not None:
        return (statement.sid,)
    return (statement.is_allow, statement.principals, statement.excepts_principals)


def _called(statement: Statement) -> str:
    if statement.sid is not None:
        return f"'{statement.sid}'"
    return f"{_effect(statement)} for {_principals(statement)}"


def _effect(statement: Statement) -> str:
    return "Allow" if statement.is_allow else "Deny"


def _actions(statement: Statement) -> str:
    which = actions(statement.actions)
    return f"all but {which}" if statement.excepts_actions else which


def _principals(statement: Statement) -> str:
    who = principals(statement.principals)
    return f"all but {who}" if statement.excepts_principals else who


def _condition(condition: Condition) -> str:
    return f"{condition.operator} {condition.key} = {_listed(condition.values)}"


def _changes(old: Statement, new: Statement) -> Iterator[str]:
    """Yield what differs between two statements that are one and the same."""
    if old.is_allow is not new.is_allow:
        yield f"{_effect(old)} became {_effect(new)}"
    if old.excepts_principals is not new.excepts_principals:
        yield f"principals are now {_principals(new)}"
    else:
        yield from _moved("principal", old.principals, new.principals, principals)
    if old.excepts_actions is not new.excepts_actions:
        yield f"actions are now {_actions(new)}"
    else:
        yield from _moved("action", old.actions, new.actions, actions)
    yield from _moved("condition", old.conditions, new.conditions, _conditions)


def _conditions(held: Iterable[Condition]) -> str:
    return _listed([_condition(one) for one in held])


def _moved(
    what: str, old: Iterable[T], new: Iterable[T], spelled: Callable[[Iterable[T]], str]
) -> Iterator[str]:
    kept_old, kept_new = list(old), list(new)
    gone = [one for one in kept_old if one not in kept_new]
    come = [one for one in kept_new if one not in kept_old]
    if gone:
        yield f"{what} removed: {spelled(gone)}"
    if come:
        yield f"{what} added: {spelled(come)}"
