"""Records: sealed payloads to the columns of `records`, by the hundred thousand a second.

A trail is nearly all usage, and usage repeats itself: the same callers, operations, keys and
contexts. So each payload is decoded once, into few texts and slices; what repeats is interned and
interpreted once, and Arrow lays it out. What the quick decoder refuses goes through the tolerant
reader, which is what the replay uses; both say the same of every record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final, Generic, TypeVar

import msgspec
import pyarrow as pa

from analyzer.cloudtrail.lanes import Lane, sort_event
from analyzer.cloudtrail.record import Form, describe, load, moment_of
from analyzer.reader import actor_of, read
from analyzer.record import Record, arns_of, flag, members, text
from analyzer.warehouse.arrow import schema_of
from analyzer.warehouse.tables import RECORDS
from ledger.entry import Kind
from ledger.run import Stretch

_NULL: Final = msgspec.Raw(b"null")
_CONTEXTS: Final = ("aws:rds:db-id", "aws:rds:dbc-id")
"""Members of a context by which RDS names a database (Overview.Encryption.Keys.html)."""
_SAID: Final = frozenset({Kind.RECORD.value, Kind.CONFLICT.value})
_FLAGS: Final = {"true": True, "false": False}

_CALLER: Final = (
    "actor", "session", "actor_type", "actor_account", "invoked_by", "has_mfa",
    "source_ip", "user_agent",
)  # fmt: skip
_CALL: Final = (
    "event_source", "service", "event_name", "region", "account",
    "error_code", "error_message", "read_only",
)  # fmt: skip
_ABOUT: Final = ("resources", "key_arn")
_ASKED: Final = ("request", "encryption_context", "context_database")
_ANSWERED: Final = ("response", "additional")
_SEALED: Final = ("lane", "is_conflict", "sealed_at", "source")
_OWN: Final = ("entry_index", "event_id", "event_time", "shared_event_id", "payload")


class _Issuer(msgspec.Struct, gc=False):
    arn: str | None = None


class _Attributes(msgspec.Struct, gc=False):
    mfaAuthenticated: str | bool | None = None  # noqa: N815 - CloudTrail's spelling


class _Context(msgspec.Struct, gc=False):
    sessionIssuer: _Issuer | None = None  # noqa: N815
    attributes: _Attributes | None = None


class _User(msgspec.Struct, gc=False, frozen=True):
    type: str | None = None
    arn: str | None = None
    userName: str | None = None  # noqa: N815
    principalId: str | None = None  # noqa: N815
    invokedBy: str | None = None  # noqa: N815
    accountId: str | None = None  # noqa: N815
    sessionContext: _Context | None = None  # noqa: N815


class _Head(msgspec.Struct, gc=False):
    eventTime: str = ""  # noqa: N815
    eventSource: str = ""  # noqa: N815
    eventName: str = ""  # noqa: N815
    eventID: str | None = None  # noqa: N815
    eventCategory: str | None = None  # noqa: N815
    awsRegion: str | None = None  # noqa: N815
    sourceIPAddress: str | None = None  # noqa: N815
    userAgent: str | None = None  # noqa: N815
    errorCode: str | None = None  # noqa: N815
    errorMessage: str | None = None  # noqa: N815
    readOnly: bool | None = None  # noqa: N815
    recipientAccountId: str | None = None  # noqa: N815
    sharedEventID: str | None = None  # noqa: N815
    userIdentity: _User = _User()  # noqa: N815
    resources: msgspec.Raw = _NULL
    requestParameters: msgspec.Raw = _NULL  # noqa: N815
    responseElements: msgspec.Raw = _NULL  # noqa: N815
    additionalEventData: msgspec.Raw = _NULL  # noqa: N815


_head = msgspec.json.Decoder(_Head)

K = TypeVar("K", bound=Hashable)
Cells = tuple[Any, ...]


class _Interned(Generic[K]):
    """Values of some columns that come together, each distinct combination once.

    A key is whatever tells combinations apart more cheaply than the cells that are made of it.
    """

    def __init__(self, columns: tuple[str, ...], cells: Callable[[K], Cells]) -> None:
        self.columns = columns
        self._cells = cells
        self._places: dict[K | tuple[Cells], int] = {}
        self._distinct: list[Cells] = []
        self._which: list[int] = []

    def add(self, key: K) -> None:
        """Add a row by its key."""
        place = self._places.get(key)
        if place is None:
            place = self._new(key, self._cells(key))
        self._which.append(place)

    def add_cells(self, cells: Cells) -> None:
        """Add a row by its cells."""
        place = self._places.get((cells,))
        self._which.append(self._new((cells,), cells) if place is None else place)

    def _new(self, key: K | tuple[Cells], cells: Cells) -> int:
        self._distinct.append(cells)
        return self._places.setdefault(key, len(self._distinct) - 1)

    def arrays(self, schema: pa.Schema) -> dict[str, pa.Array]:
        """Return the columns, each as its distinct values and which of them a row has."""
        which = pa.array(self._which, pa.int32())
        distinct = zip(*self._distinct, strict=True) if self._distinct else [()] * len(self.columns)
        return {
            name: pa.DictionaryArray.from_arrays(which, pa.array(values, schema.field(name).type))
            for name, values in zip(self.columns, distinct, strict=True)
        }


class Records:
    """Gathers records for one batch; a new one is made for the next, so that memory stays flat."""

    def __init__(self, names: Mapping[bytes, str]) -> None:
        """Take the names of sources by their digests."""
        self._names = names
        self._callers = _Interned(_CALLER, _caller)
        self._calls = _Interned(_CALL, _call)
        self._about = _Interned(_ABOUT, _about)
        self._asked = _Interned(_ASKED, _asked)
        self._answered = _Interned(_ANSWERED, _answered)
        self._sealed = _Interned(_SEALED, self._sealing)
        self._own: list[Cells] = []

    def __len__(self) -> int:
        return len(self._own)

    def add(self, stretch: Stretch) -> None:
        """Add the records of a stretch; entries of other kinds are left out."""
        sealed_at, seal = stretch.sealed_at, self._sealed.add
        for index, kind, lane, source, payload in zip(
            stretch.indexes, stretch.kinds, stretch.lanes, stretch.sources, stretch.payloads,
            strict=True,
        ):  # fmt: skip
            if kind in _SAID:
                shown = None if lane == Lane.USAGE and kind == Kind.RECORD else payload.decode()
                if self._quick(index, payload, shown) or self._tolerant(index, payload, shown):
                    seal((lane, kind, sealed_at, source))

    def table(self) -> pa.Table:
        """Return what was gathered by columns."""
        schema = schema_of(RECORDS)
        own = zip(*self._own, strict=True) if self._own else [()] * len(_OWN)
        arrays = {
            name: pa.array(values, schema.field(name).type)
            for name, values in zip(_OWN, own, strict=True)
        }
        for group in (
            self._callers, self._calls, self._about, self._asked, self._answered, self._sealed,
        ):  # fmt: skip
            arrays |= group.arrays(schema)
        return pa.table([arrays[name] for name in schema.names], names=schema.names)

    def _quick(self, index: int, payload: bytes, shown: str | None) -> bool:
        try:
            head = _head.decode(payload)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return False
        time = moment_of(head.eventTime)
        answer = bytes(head.responseElements)
        if time is None or not head.eventSource or not head.eventName or _CODE in answer:
            return False
        user = head.userIdentity
        context = user.sessionContext
        issuer = attributes = None
        if context is not None:
            issuer, attributes = context.sessionIssuer, context.attributes
        self._callers.add(
            (
                user.arn, user.type, user.userName, user.principalId, user.invokedBy,
                user.accountId, issuer and issuer.arn, attributes and attributes.mfaAuthenticated,
                head.sourceIPAddress, head.userAgent,
            )
        )  # fmt: skip
        self._calls.add(
            (
                head.eventSource, head.eventName, head.eventCategory, head.awsRegion,
                head.recipientAccountId or user.accountId,
                head.errorCode, head.errorMessage, head.readOnly,
            )
        )  # fmt: skip
        self._about.add(bytes(head.resources))
        self._asked.add(bytes(head.requestParameters))
        self._answered.add((answer, bytes(head.additionalEventData)))
        self._own.append((index, head.eventID or None, time, head.sharedEventID or None, shown))
        return True

    def _tolerant(self, index: int, payload: bytes, shown: str | None) -> bool:
        """Read what the quick decoder refuses: native events, members of other types, odd texts."""
        record = read(index, payload)
        if record is None:
            return False
        body, said = record.body, record.evidence
        is_call = describe(payload).form is Form.CLOUDTRAIL
        self._callers.add_cells(_caller_of(record, is_call=is_call))
        self._calls.add_cells(
            (
                text(body, "eventSource", "source") or f"{record.service}.amazonaws.com",
                record.service,
                said.event_name,
                said.region,
                said.account,
                said.error,
                text(body, "errorMessage") or text(record.response, "errorMessage"),
                flag(body, "readOnly"),
            )
        )
        arns = record.resource_arns
        self._about.add_cells((arns, _first_key(arns)))
        asked = body.get("requestParameters")
        self._asked.add_cells((_spelled(asked), *_context_of(asked)))
        answers = (body.get("responseElements"), body.get("additionalEventData"))
        self._answered.add_cells(tuple(map(_spelled, answers)))
        self._own.append((index, said.event_id or None, said.time, said.shared_id, shown))
        return True

    def _sealing(self, key: tuple[int, int, int, bytes]) -> Cells:
        lane, kind, sealed_at, source = key
        name = self._names.get(source, f"sha256:{source.hex()}")
        spoken = "usage" if lane == Lane.USAGE else "control"
        return (spoken, kind == Kind.CONFLICT, sealed_at, name)


_CODE: Final = b'"errorCode"'
"""Some services put the error into responseElements; the tolerant reader finds it there."""


def _caller(key: tuple[Any, ...]) -> Cells:
    """Say of the quick decoder's members what `_caller_of` says of the whole record."""
    arn, kind, name, principal, invoked_by, account, issuer, mfa, address, agent = key
    actor, session = arn or None, None
    if issuer:
        actor, session = issuer, actor
    return (
        actor or name or principal or invoked_by or account or None,
        session,
        kind or None,
        account or None,
        invoked_by or None,
        _FLAGS.get(mfa.lower()) if isinstance(mfa, str) else mfa,
        address or None,
        agent or None,
    )


def _caller_of(record: Record, *, is_call: bool) -> Cells:
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


def _call(key: tuple[Any, ...]) -> Cells:
    source, name, category, region, account, code, message, read_only = key
    service = sort_event(source, name, category)[0]
    code = code or ("Error" if message else None)
    return (
        source,
        service,
        name,
        region or None,
        account or None,
        code,
        message or None,
        read_only,
    )


def _about(raw: bytes) -> Cells:
    arns = arns_of(load(raw))
    return arns, _first_key(arns)


def _asked(raw: bytes) -> Cells:
    if b"ncryptionContext" not in raw:
        return (_json(raw), None, None)
    return (_json(raw), *_context_of(load(raw)))


def _answered(raw: tuple[bytes, bytes]) -> Cells:
    return _json(raw[0]), _json(raw[1])


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
