"""Said: what parts of a record mean as cells of `records`, each worked out from its own bytes.

What the quick way says here of a part, `_of_record` functions say of the whole record; tests hold
that both say the same of every record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from analyzer.cloudtrail.lanes import sort_event
from analyzer.cloudtrail.record import load
from analyzer.reader import actor_of
from analyzer.record import Record, arns_of, flag, members, text

Cells = tuple[Any, ...]

_CONTEXTS: Final = ("aws:rds:db-id", "aws:rds:dbc-id")
"""Members of a context by which RDS names a database (Overview.Encryption.Keys.html)."""
_FLAGS: Final = {"true": True, "false": False}
_KEPT: Final = 1 << 15
"""Texts whose meaning is kept: a trail names the same keys and contexts again and again."""


class _Issuer(msgspec.Struct, gc=False):
    arn: str | None = None


class _Attributes(msgspec.Struct, gc=False):
    mfaAuthenticated: str | bool | None = None  # noqa: N815 - CloudTrail's spelling


class _Context(msgspec.Struct, gc=False):
    sessionIssuer: _Issuer | None = None  # noqa: N815
    attributes: _Attributes | None = None


class _User(msgspec.Struct, gc=False):
    type: str | None = None
    arn: str | None = None
    userName: str | None = None  # noqa: N815
    principalId: str | None = None  # noqa: N815
    invokedBy: str | None = None  # noqa: N815
    accountId: str | None = None  # noqa: N815
    sessionContext: _Context | None = None  # noqa: N815


class _Asked(msgspec.Struct, gc=False):
    encryptionContext: dict[str, str]  # noqa: N815


_user = msgspec.json.Decoder(_User)
_request = msgspec.json.Decoder(_Asked)


@lru_cache(maxsize=_KEPT)
def identity_cells(raw: bytes) -> Cells | None:
    """Return actor, session, type, account, service and MFA of a `userIdentity`.

    Returns:
        None where a member is of another type than documented.
    """
    try:
        user = _user.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    context = user.sessionContext
    issuer = attributes = mfa = None
    if context is not None:
        issuer, attributes = context.sessionIssuer, context.attributes
    if attributes is not None:
        mfa = attributes.mfaAuthenticated
    actor, session = user.arn or None, None
    if issuer is not None and issuer.arn:
        actor, session = issuer.arn, actor
    return (
        actor or user.userName or user.principalId or user.invokedBy or user.accountId or None,
        session,
        user.type or None,
        user.accountId or None,
        user.invokedBy or None,
        _FLAGS.get(mfa.lower()) if isinstance(mfa, str) else mfa,
    )


def caller(key: tuple[bytes, str | None, str | None]) -> Cells:
    """Return the cells of a caller: `userIdentity`, address and client."""
    raw, address, agent = key
    return (*(identity_cells(raw) or ()), address or None, agent or None)


def caller_of_record(record: Record, *, is_call: bool) -> Cells:
    """Say of a whole record what `caller` says."""
    said, body = record.evidence, record.body
    if not is_call:
        return (said.actor, said.session, *[None] * 6)
    identity = members(body, "userIdentity")
    attributes = members(members(identity, "sessionContext"), "attributes")
    return (
        *actor_of(body.get("userIdentity")),
        text(identity, "type"),
        text(identity, "accountId"),
        text(identity, "invokedBy"),
        flag(attributes, "mfaAuthenticated"),
        said.source_ip,
        text(body, "userAgent"),
    )


def call(key: tuple[Any, ...]) -> Cells:
    """Return the cells of a call: service, name, place and what came of it."""
    raw, source, name, category, region, recipient, code, message, read_only = key
    service = sort_event(source, name, category)[0]
    code = code or ("Error" if message else None)
    account = recipient or (identity_cells(raw) or (None,) * 4)[3]
    return source, service, name, region or None, account or None, code, message or None, read_only


@lru_cache(maxsize=_KEPT)
def about(raw: bytes) -> Cells:
    """Return the cells of `resources`."""
    arns = arns_of(load(raw))
    return arns, _first_key(arns)


@lru_cache(maxsize=_KEPT)
def asked(raw: bytes) -> Cells:
    """Return the cells of `requestParameters`."""
    if b"ncryptionContext" not in raw:
        return (_json(raw), None, None)
    # Plain texts are spelled as they stand.
    if raw.isascii() and b"\\" not in raw and b"ourceEncryptionContext" not in raw:
        try:
            context = _request.decode(raw).encryptionContext
        except msgspec.MsgspecError:
            context = {}
        if context:
            spelled = ",".join([f'"{name}":"{context[name]}"' for name in sorted(context)])
            return (_json(raw), f"{{{spelled}}}", text(context, *_CONTEXTS))
    return (_json(raw), *_context_of(load(raw)))


def answered(raw: tuple[bytes, bytes]) -> Cells:
    """Return the cells of `responseElements` and `additionalEventData`."""
    return _json(raw[0]), _json(raw[1])


def call_of_record(record: Record) -> Cells:
    """Say of a whole record what `call` says."""
    body, said = record.body, record.evidence
    return (
        text(body, "eventSource", "source") or f"{record.service}.amazonaws.com",
        record.service,
        said.event_name,
        said.region,
        said.account,
        said.error,
        text(body, "errorMessage") or text(record.response, "errorMessage"),
        flag(body, "readOnly"),
    )


def about_of_record(record: Record) -> Cells:
    """Say of a whole record what `about` says."""
    arns = record.resource_arns
    return arns, _first_key(arns)


def asked_of_record(record: Record) -> Cells:
    """Say of a whole record what `asked` says."""
    request = record.body.get("requestParameters")
    return (_spelled(request), *_context_of(request))


def answered_of_record(record: Record) -> Cells:
    """Say of a whole record what `answered` says."""
    answers = (record.body.get("responseElements"), record.body.get("additionalEventData"))
    return tuple(map(_spelled, answers))


def _first_key(arns: tuple[str, ...]) -> str | None:
    return next((arn for arn in arns if ":key/" in arn), None)


def _context_of(asked: object) -> tuple[str | None, str | None]:
    """Return the encryption context, and the database it names; of two the source's."""
    request: Mapping[str, Any] = asked if isinstance(asked, Mapping) else {}
    context = members(request, "encryptionContext") or members(request, "sourceEncryptionContext")
    if not context:
        return None, None
    ordered = {name: context[name] for name in sorted(context)}
    return _spelled(ordered), text(context, *_CONTEXTS)


def _json(raw: bytes) -> str | None:
    return None if raw == b"null" else raw.decode()


def _spelled(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
