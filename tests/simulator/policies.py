"""Policies: key policy documents in the few shapes that tests need."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.simulator.actors import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

USE: Final = ("kms:CreateGrant", "kms:DescribeKey", "kms:Decrypt")


def policy(*statements: Mapping[str, Any]) -> str:
    """Return a document as the API takes it: JSON in a string."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(
    principal: Any,
    actions: str | Sequence[str] = "kms:*",
    condition: Mapping[str, Any] | None = None,
    **members: Any,
) -> dict[str, Any]:
    """Return an Allow; *principal* is an ARN or account, or the whole Principal member."""
    return _statement("Allow", principal, actions, condition, members)


def deny(
    principal: Any,
    actions: str | Sequence[str] = "kms:*",
    condition: Mapping[str, Any] | None = None,
    **members: Any,
) -> dict[str, Any]:
    """Return a Deny."""
    return _statement("Deny", principal, actions, condition, members)


def arn(name: str, account: str = ACCOUNT) -> str:
    """Return the ARN of a principal: `root`, `role/app`, `user/bob`."""
    return f"arn:aws:iam::{account}:{name}"


def through(service: str = "rds", *, negated: bool = False) -> dict[str, dict[str, str]]:
    """Return the condition that a call comes, or does not come, through a service."""
    operator = "StringNotEquals" if negated else "StringEquals"
    return {operator: {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}}


def _statement(
    effect: str,
    principal: Any,
    actions: str | Sequence[str],
    condition: Mapping[str, Any] | None,
    members: Mapping[str, Any],
) -> dict[str, Any]:
    whole = principal == "*" or isinstance(principal, dict)
    statement = {
        "Effect": effect,
        "Principal": principal if whole else {"AWS": principal},
        "Action": actions if isinstance(actions, str) else list(actions),
        "Resource": "*",
        **members,
    }
    if "NotAction" in members:
        del statement["Action"]
    return statement if condition is None else statement | {"Condition": condition}


WHOLE_ACCOUNT: Final = allow(arn("root"), Sid="account")
