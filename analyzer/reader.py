"""Reader: sealed payloads to records, and records to facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from analyzer.cloudtrail.heading import Heading, heading_of, loaded
from analyzer.cloudtrail.record import Description, Form, RejectedError, describe, load
from analyzer.evidence import Evidence
from analyzer.inert import reason_for
from analyzer.moment import Moment
from analyzer.record import Record, as_members, members, text
from analyzer.resource import Decoder, Fact, Inert
from analyzer.resources import RESOURCES
from analyzer.resources.rds_messages import event_id_of
from analyzer.resources.rds_notice import detail_of

DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    named: decoder for module in RESOURCES for named, decoder in module.DECODERS.items()
}
"""Every event name that is decoded, by service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecoded:
    """A record of which nobody knows what it means: of an unknown name, or not readable."""

    evidence: Evidence
    service: str


def read(index: int, payload: bytes, digest: bytes | None = None) -> Record | None:
    """Turn a sealed payload into a record.

    Args:
        index: its entry in the ledger.
        payload: the sealed bytes.
        digest: their SHA-256, where the reader of the ledger worked it out already.

    Returns:
        The record, or None where the bytes are none (they were sealed as a reject).
    """
    try:
        heading, body = loaded(payload)
    except RejectedError:
        return None
    return _record(index, digest or sha256(payload).digest(), heading, body)


def read_described(index: int, payload: bytes, description: Description) -> Record:
    """Turn a sealed payload of which is known what it is into a record."""
    digest = sha256(payload).digest()
    return _record(index, digest, heading_of(description), load(payload))


def _record(index: int, digest: bytes, heading: Heading, body: Mapping[str, Any]) -> Record:
    build = _cloudtrail if heading.form is Form.CLOUDTRAIL else _native
    evidence = build(index, digest, heading, body)
    return Record(evidence=evidence, service=heading.service, body=body)


def event_time(payload: bytes) -> Moment | None:
    """Return when a payload says that it happened; None where it is no record."""
    try:
        return describe(payload).time
    except RejectedError:
        return None


def decode(record: Record) -> Fact | Inert | Undecoded:
    """Turn a record into the fact that it states, if it states one."""
    decoder = DECODERS.get((record.service, record.name))
    if decoder is None:
        reason = reason_for(record.service, record.name)
        return _undecoded(record) if reason is None else Inert(reason=reason)
    event = decoder(record)
    if event is None:
        has_failed = record.evidence.error is not None
        return Inert(reason="it failed, and names nothing") if has_failed else _undecoded(record)
    return event if isinstance(event, Inert) else Fact(evidence=record.evidence, event=event)


def _undecoded(record: Record) -> Undecoded:
    return Undecoded(evidence=record.evidence, service=record.service)


def _cloudtrail(index: int, digest: bytes, heading: Heading, body: Mapping[str, Any]) -> Evidence:
    user = body.get("userIdentity")
    identity = as_members(user)
    actor, session = actor_of(user)
    return Evidence(
        entry=index,
        event_id=text(body, "eventID") or "",
        event_name=heading.event_name,
        time=heading.time,
        actor=actor,
        session=session,
        source_ip=text(body, "sourceIPAddress"),
        region=text(body, "awsRegion"),
        account=text(body, "recipientAccountId") or text(identity, "accountId"),
        error=_error(body),
        shared_id=text(body, "sharedEventID"),
        digest=digest.hex(),
    )


def _error(body: Mapping[str, Any]) -> str | None:
    """Return the error code; some services put it inside responseElements."""
    code = text(body, "errorCode")
    if code is None and text(body, "errorMessage") is not None:
        code = "Error"
    return code or text(members(body, "responseElements"), "errorCode")


def actor_of(user: object) -> tuple[str | None, str | None]:
    """Return the human or role to ask, and the session's ARN of an assumed role.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
    cloudtrail-event-reference-user-identity.html.

    Args:
        user: `userIdentity`, as decoded.
    """
    if isinstance(user, str):
        return user, None
    identity = as_members(user)
    own = text(identity, "arn")
    issuer = text(members(members(identity, "sessionContext"), "sessionIssuer"), "arn")
    if issuer is not None:
        return issuer, own
    return (
        own
        or text(identity, "userName")
        or text(identity, "principalId")
        or text(identity, "invokedBy")
        or text(identity, "accountId"),
        None,
    )


def _native(index: int, digest: bytes, heading: Heading, body: Mapping[str, Any]) -> Evidence:
    name = heading.event_name
    if heading.form is Form.DESCRIBE_EVENT:
        name = event_id_of(text(body, "Message") or "") or name
    source = text(detail_of(body), "SourceArn") or ""
    parts = source.split(":")
    spoken = len(parts) > 5  # noqa: PLR2004 - an ARN has six parts
    return Evidence(
        entry=index,
        event_id=text(body, "id") or "",
        event_name=name,
        time=heading.time,
        actor=f"{heading.service}.amazonaws.com",
        region=text(body, "region") or (parts[3] if spoken else None),
        account=text(body, "account") or (parts[4] if spoken else None),
        digest=digest.hex(),
    )
