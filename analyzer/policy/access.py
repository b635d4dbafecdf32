"""Access: who may manage a key, who may make databases under it, and whether RDS is shut out.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html (what
the creator of a database needs; a Deny for all that does not exempt the account may fail operations
whatever it says of one user), .../USER_CopySnapshot.html (what copying needs),
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html (the account's own
statement, and that a key without a manager is unmanageable).
"""

from __future__ import annotations

import re
from typing import Final

from analyzer.policy.document import EVERYBODY, Policy
from analyzer.policy.match import Caller, Truth, covers, either, speaks_of
from analyzer.wording import account_of, part_of

MANAGE: Final = "kms:PutKeyPolicy"
SAVING: Final = ("kms:CancelKeyDeletion", "kms:EnableKey")
"""Without these nobody saves a key that was disabled or scheduled for deletion."""

CREATING: Final = ("kms:CreateGrant", "kms:DescribeKey")
"""Whoever creates or restores a database under the key needs these."""

COPYING: Final = (
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
"""Whoever copies an encrypted snapshot needs these too."""

OF_RDS: Final = ("kms:Decrypt", "kms:CreateGrant", "kms:GenerateDataKeyWithoutPlaintext")
"""What RDS does with a key on its grant, as far as records show (inferred)."""

_UNIQUE_ID: Final = re.compile(r"A(IDA|ROA|GPA)[A-Z0-9]{10,}\Z", re.ASCII)
_RDS: Final = "rds.amazonaws.com"


def decides(policy: Policy, caller: Caller, action: str) -> Truth:
    """Return whether the key policy lets *caller* do *action*; None where it leaves it open.

    An explicit Deny wins; what is not allowed is denied; an account's statement leaves the decision
    to IAM policies, which are not on record.
    """
    denied = either(speaks_of(one, caller, action) for one in policy.statements if not one.is_allow)
    allowed = either(speaks_of(one, caller, action) for one in policy.statements if one.is_allow)
    if denied is True or allowed is False:
        return False
    return None if denied is None else allowed


def principals_of(policy: Policy) -> frozenset[str]:
    """Return every principal that a policy allows something."""
    return frozenset(
        principal
        for one in policy.statements
        if one.is_allow and not one.excepts_principals
        for principal in one.principals
    )


def is_outsider(principal: str, key: str) -> bool:
    """Whether a principal is of another account than the key, or everybody."""
    account = account_of(principal)
    return principal == EVERYBODY or (account is not None and account != account_of(key))


def is_deleted(principal: str) -> bool:
    """Whether IAM replaced a principal by its id because it was deleted."""
    return _UNIQUE_ID.match(principal) is not None


def managers(policy: Policy, key: str) -> frozenset[str]:
    """Return the principals who may still change the policy, as far as it tells.

    The account stands for whoever its IAM policies allow. A principal that was deleted manages
    nothing, nor does a service.
    """
    return frozenset(
        one
        for one in principals_of(policy)
        if not is_deleted(one)
        and (one == EVERYBODY or account_of(one) is not None)
        and decides(policy, directly(one), MANAGE) is not False
    ) | frozenset(_unlisted_managers(policy, key))


def _unlisted_managers(policy: Policy, key: str) -> list[str]:
    """Return the account where a statement allows everybody but some to manage."""
    open_to_others = any(
        one.is_allow and one.excepts_principals and covers(one, MANAGE) for one in policy.statements
    )
    return [root_of(key)] if open_to_others else []


def has_account(policy: Policy, key: str) -> bool:
    """Whether the account's own statement stands, by which IAM policies may manage the key."""
    return decides(policy, directly(root_of(key)), MANAGE) is not False


def through_rds(principal: str, key: str) -> Caller:
    """Return a principal who asks RDS for a database under a key; RDS passes the call on."""
    region = part_of(key, 3)
    account = account_of(principal)
    return Caller(
        principal=principal,
        account=account,
        context={
            "kms:viaservice": f"rds.{region}.amazonaws.com",
            "kms:grantisforawsresource": "true",
            "aws:viaawsservice": "true",
            **_known(principal, account),
        },
    )


def shuts_out_rds(policy: Policy, key: str) -> Truth:
    """Return whether an explicit Deny also matches what RDS does on its own grant.

    The principal behind RDS's grants is not documented: it is in no list of users or roles, belongs
    to no session, and acts for the key's own account (inferred).
    """
    region = part_of(key, 3)
    rds = Caller(
        principal=_RDS,
        account=account_of(key),
        context={
            "kms:viaservice": f"rds.{region}.amazonaws.com",
            "kms:calleraccount": account_of(key),
            "aws:principalaccount": account_of(key),
            "aws:principalarn": _RDS,
            "kms:grantisforawsresource": "true",
            "aws:viaawsservice": "true",
            "aws:principalisawsservice": "true",
            "aws:multifactorauthpresent": None,
        },
    )
    return either(
        speaks_of(one, rds, action)
        for one in policy.statements
        if not one.is_allow
        for action in OF_RDS
    )


def root_of(key: str) -> str:
    """Return the principal that stands for the account of a key."""
    return f"arn:{part_of(key, 1)}:iam::{part_of(key, 4)}:root"


def directly(principal: str) -> Caller:
    """Return a principal who calls KMS itself, with no service in between."""
    account = account_of(principal)
    return Caller(
        principal=principal,
        account=account,
        context={
            "kms:viaservice": None,
            "aws:viaawsservice": "false",
            "aws:principalisawsservice": "false",
            **_known(principal, account),
        },
    )


def _known(principal: str, account: str | None) -> dict[str, str | None]:
    """Return what is known of a caller by its principal; of an account's, not who it is."""
    if account is None:
        return {}
    known: dict[str, str | None] = {"aws:principalaccount": account, "kms:calleraccount": account}
    return known if principal.endswith(":root") else known | {"aws:principalarn": principal}
