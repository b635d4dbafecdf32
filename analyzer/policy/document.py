"""Policy documents: from the text in a record to statements, or to the reason why not.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.

A policy is JSON in a string, written by whoever made the call. AWS refuses what it cannot read, so
that one in a record of a success which cannot be read was cut off or forged; that is told, and is
never an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

EVERYBODY: Final = "*"
_ACCOUNT: Final = re.compile(r"\d{12}\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One line of a condition block; all lines have to hold."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement.

    Attributes:
        sid: its name; None where it has none.
        is_allow: Allow, else Deny.
        principals: ARNs, service names, `*`; an account is told by its root ARN.
        excepts_principals: it is about everybody but `principals` (NotPrincipal).
        actions: patterns as written.
        excepts_actions: it is about every action but `actions` (NotAction).
        conditions: sorted.
    """

    sid: str | None
    is_allow: bool
    principals: frozenset[str]
    excepts_principals: bool
    actions: frozenset[str]
    excepts_actions: bool
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a document says, in the order of its statements."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A document that cannot be read, and the reason in a few words."""

    reason: str


class _MalformedError(Exception):
    """Where and why a document is none; never leaves this module."""


def parse(text: str | None) -> Policy | Unreadable:
    """Read a policy.

    Args:
        text: the document; None where the record does not hold it.
    """
    if text is None:
        return Unreadable(reason="the record does not hold it")
    try:
        return Policy(statements=tuple(_statements(json.loads(text))))
    except _MalformedError as error:
        return Unreadable(reason=str(error))
    except (ValueError, RecursionError):
        return Unreadable(reason="it is not JSON")


def default_policy(account: str) -> Policy:
    """Return the policy of a key that was created without one: the account decides.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html.

    Args:
        account: the account's root ARN.
    """
    whole_account = Statement(
        sid="Enable IAM User Permissions",
        is_allow=True,
        principals=frozenset({account}),
        excepts_principals=False,
        actions=frozenset({"kms:*"}),
        excepts_actions=False,
        conditions=(),
    )
    return Policy(statements=(whole_account,))


def _statements(body: Any) -> Iterator[Statement]:
    if not isinstance(body, Mapping):
        raise _MalformedError("it is not a JSON object")
    listed = body.get("Statement")
    listed = [listed] if isinstance(listed, Mapping) else listed
    if not isinstance(listed, list):
        raise _MalformedError("it has no statements")
    for index, one in enumerate(listed, 1):
        yield _statement(one, index)


def _statement(written: Any, index: int) -> Statement:
    if not isinstance(written, Mapping):
        raise _MalformedError(f"statement {index} is not an object")
    effect = written.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise _MalformedError(f"statement {index} neither allows nor denies")
    principals = _one_of(written, "Principal", "NotPrincipal", index)
    actions = _one_of(written, "Action", "NotAction", index)
    sid = written.get("Sid")
    return Statement(
        sid=sid if isinstance(sid, str) and sid else None,
        is_allow=effect == "Allow",
        principals=frozenset(_principals(written[principals], index)),
        excepts_principals=principals == "NotPrincipal",
        actions=frozenset(_texts(written[actions], f"the actions of statement {index}")),
        excepts_actions=actions == "NotAction",
        conditions=tuple(sorted(_conditions(written.get("Condition", {}), index), key=_order)),
    )


def _one_of(written: Mapping[str, Any], name: str, negation: str, index: int) -> str:
    for spelled in (name, negation):
        if spelled in written:
            return spelled
    raise _MalformedError(f"statement {index} has no {name}")


def _principals(written: Any, index: int) -> Iterator[str]:
    if written == EVERYBODY:
        yield EVERYBODY
        return
    if not isinstance(written, Mapping):
        raise _MalformedError(f"the principals of statement {index} are not an object")
    for kind, listed in written.items():
        for one in _texts(listed, f"the principals of statement {index}"):
            yield _principal(kind, one)


def _principal(kind: str, written: str) -> str:
    if kind == "AWS" and _ACCOUNT.match(written):
        return f"arn:aws:iam::{written}:root"
    return written if kind in {"AWS", "Service"} else f"{kind}:{written}"


def _conditions(written: Any, index: int) -> Iterator[Condition]:
    if not isinstance(written, Mapping):
        raise _MalformedError(f"the conditions of statement {index} are not an object")
    for operator, lines in written.items():
        if not isinstance(lines, Mapping):
            raise _MalformedError(f"the conditions of statement {index} are not an object")
        for key, values in lines.items():
            listed = values if isinstance(values, list) else [values]
            spelled = tuple(sorted(_spelled(value) for value in listed))
            yield Condition(operator=operator, key=key, values=spelled)


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _order(condition: Condition) -> tuple[str, str, tuple[str, ...]]:
    return (condition.operator, condition.key, condition.values)


def _texts(written: Any, what: str) -> list[str]:
    listed = written if isinstance(written, list) else [written]
    if not all(isinstance(one, str) for one in listed):
        raise _MalformedError(f"{what} are not texts")
    return listed
