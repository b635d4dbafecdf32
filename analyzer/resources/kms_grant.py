"""Grants: RDS makes one for each database when it is created, for its whole life.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html and
https://docs.aws.amazon.com/kms/latest/developerguide/grants.html. How RDS's grants look is not
documented, so they are matched to databases by encryption context, not by grantee.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer.frozen import Frozen
from analyzer.record import Record, members, text, texts
from analyzer.resource import Decoder
from analyzer.resources.kms_key.decode import key_arn

_CONTEXTS: Final = ("aws:rds:db-id", "aws:rds:dbc-id")


class GrantCreated(Frozen, frozen=True, kw_only=True):
    """CreateGrant; `database` is the resource id that its encryption context names."""

    key: str
    grant: str
    database: str | None
    grantee: str | None
    operations: tuple[str, ...] = ()


class GrantWithdrawn(Frozen, frozen=True, kw_only=True):
    """RevokeGrant or RetireGrant."""

    key: str
    grant: str


GrantEvent = GrantCreated | GrantWithdrawn


class GrantGiven(Frozen, frozen=True, kw_only=True):
    """A grant for a database came to be."""

    grant: str


class GrantTaken(Frozen, frozen=True, kw_only=True):
    """A grant for a database is no more."""

    grant: str


GrantMove = GrantGiven | GrantTaken


def _created(record: Record) -> GrantCreated | None:
    key = key_arn(record)
    if key is None:
        return None
    constraints = members(record.request, "constraints")
    contexts = (
        members(constraints, "encryptionContextSubset"),
        members(constraints, "encryptionContextEquals"),
    )
    found = (text(context, *_CONTEXTS) for context in contexts)
    return GrantCreated(
        key=key,
        grant=text(record.response, "grantId") or "",
        database=next((one for one in found if one is not None), None),
        grantee=text(record.request, "granteePrincipal"),
        operations=texts(record.request, "operations"),
    )


def _withdrawn(record: Record) -> GrantWithdrawn | None:
    key = key_arn(record)
    grant = text(record.request, "grantId") or text(record.additional, "grantId")
    return None if key is None else GrantWithdrawn(key=key, grant=grant or "")


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("kms", "CreateGrant"): _created,
    ("kms", "RevokeGrant"): _withdrawn,
    ("kms", "RetireGrant"): _withdrawn,
}
