"""Matching: whether a statement speaks of a call, where the answer may be that nobody knows.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
and .../reference_policies_elements_condition_operators.html. A truth is True, False, or None: what
the records do not tell (IAM policies, most condition keys) is not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from analyzer.policy.document import EVERYBODY, Condition, Statement
from analyzer.wildcard import fits

Truth = bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who makes a call, and what KMS would know of it.

    Attributes:
        principal: an ARN, the root ARN for "whoever IAM policies of that account allow", a service
            name, or `*`.
        account: its account; None for a service and for everybody.
        context: condition keys, lower case, with their values; None for one that the call does not
            have. A key that is not in here is one of which nothing is known.
    """

    principal: str
    account: str | None
    context: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def is_account(self) -> bool:
        """Whether it stands for all the principals of its account."""
        return self.principal.endswith(":root")


def both(truths: Iterable[Truth]) -> Truth:
    """Return whether all hold: one False decides, then one unknown."""
    held = list(truths)
    if False in held:
        return False
    return None if None in held else True


def either(truths: Iterable[Truth]) -> Truth:
    """Return whether any holds: one True decides, then one unknown."""
    held = list(truths)
    if True in held:
        return True
    return None if None in held else False


def speaks_of(statement: Statement, caller: Caller, action: str) -> Truth:
    """Return whether a statement applies to *caller* doing *action* (`kms:CreateGrant`)."""
    if not covers(statement, action):
        return False
    conditions = (_holds(one, caller.context) for one in statement.conditions)
    return both((_names(statement, caller), *conditions))


def covers(statement: Statement, action: str) -> bool:
    """Return whether a statement is about an action."""
    found = any(fits(pattern.lower(), action.lower()) for pattern in statement.actions)
    return found is not statement.excepts_actions


def _names(statement: Statement, caller: Caller) -> Truth:
    named = statement.principals
    account = next((one for one in named if _is_account_of(one, caller)), None)
    if statement.excepts_principals:
        if caller.principal in named or EVERYBODY in named:
            return False
        return None if account is not None or caller.is_account else True
    if EVERYBODY in named or caller.principal in named:
        return True
    if account is None:
        return False
    # An Allow hands the decision to the account's IAM policies; a Deny is for all of the account.
    return None if statement.is_allow else True


def _is_account_of(principal: str, caller: Caller) -> bool:
    return caller.account is not None and principal.endswith(f"::{caller.account}:root")


def _holds(condition: Condition, context: Mapping[str, str | None]) -> Truth:
    name = condition.operator.rpartition(":")[2]
    is_set = ":" in condition.operator
    optional = name.endswith("IfExists")
    name = name.removesuffix("IfExists").lower()
    key = condition.key.lower()
    if key not in context or is_set or any("${" in value for value in condition.values):
        return None
    value = context[key]
    if name == "null":
        return ("true" in [one.lower() for one in condition.values]) is (value is None)
    negated, compare = _OPERATORS.get(name, (False, None))
    if compare is None:
        return None
    if value is None:
        return optional or negated
    return any(compare(pattern, value) for pattern in condition.values) is not negated


def _equals(pattern: str, value: str) -> bool:
    return pattern == value


def _equals_folded(pattern: str, value: str) -> bool:
    return pattern.lower() == value.lower()


_OPERATORS: Final[Mapping[str, tuple[bool, Callable[[str, str], bool]]]] = {
    # reference_policies_elements_condition_operators.html; (negated, how a value fits)
    "stringequals": (False, _equals),
    "stringnotequals": (True, _equals),
    "stringequalsignorecase": (False, _equals_folded),
    "stringnotequalsignorecase": (True, _equals_folded),
    "stringlike": (False, fits),
    "stringnotlike": (True, fits),
    "arnequals": (False, fits),
    "arnlike": (False, fits),
    "arnnotequals": (True, fits),
    "arnnotlike": (True, fits),
    "bool": (False, _equals_folded),
}
