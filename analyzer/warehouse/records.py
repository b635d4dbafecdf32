"""Records: sealed payloads to the columns of `records`, by the hundred thousand.

A trail is nearly all usage, and usage repeats itself: the same callers, operations, keys and
contexts. So each payload is decoded once, into few texts and slices; slices that repeat are
interned and looked into once, and Arrow lays them out. What the quick decoder refuses goes through
the tolerant reader, which is what the replay uses; both say the same of every record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import msgspec
import pyarrow as pa

from analyzer.cloudtrail.lanes import Lane
from analyzer.cloudtrail.record import Form, describe, moment_of
from analyzer.reader import read
from analyzer.warehouse import said
from analyzer.warehouse.arrow import schema_of
from analyzer.warehouse.said import Cells
from analyzer.warehouse.tables import RECORDS
from ledger.entry import Kind
from ledger.stretch import Stretch

_NULL: Final = msgspec.Raw(b"null")
_NOBODY: Final = msgspec.Raw(b"{}")
_SAID: Final = frozenset({Kind.RECORD.value, Kind.CONFLICT.value})
_CODE: Final = b'"errorCode"'
"""Some services put the error into responseElements; the tolerant reader finds it there."""

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


class _Head(msgspec.Struct, gc=False):
    eventTime: str = ""  # noqa: N815 - CloudTrail's spelling
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
    userIdentity: msgspec.Raw = _NOBODY  # noqa: N815
    resources: msgspec.Raw = _NULL
    requestParameters: msgspec.Raw = _NULL  # noqa: N815
    responseElements: msgspec.Raw = _NULL  # noqa: N815
    additionalEventData: msgspec.Raw = _NULL  # noqa: N815


_head = msgspec.json.Decoder(_Head)


@dataclass(frozen=True, slots=True)
class _Told:
    """Cells that the tolerant reader made, as a key of their own."""

    cells: Cells


class _Interned:
    """Values of some columns that come together, each distinct combination once.

    Attributes:
        places: of the distinct keys. A key is whatever tells combinations apart more cheaply than
            the cells that are made of it.
        which: of them, for each row.
    """

    __slots__ = ("_cells", "_columns", "places", "which")

    def __init__(self, columns: tuple[str, ...], cells: Callable[[Any], Cells]) -> None:
        self.places: dict[Any, int] = {}
        self.which: list[int] = []
        self._columns = columns
        self._cells = cells

    def add(self, key: object) -> None:
        """Add a row."""
        self.which.append(self.places.setdefault(key, len(self.places)))

    def arrays(self, schema: pa.Schema) -> dict[str, pa.Array]:
        """Return the columns, each as its distinct values and which of them a row has."""
        which = pa.array(self.which, pa.int32())
        cells = [key.cells if isinstance(key, _Told) else self._cells(key) for key in self.places]
        distinct = zip(*cells, strict=True) if cells else [()] * len(self._columns)
        return {
            name: pa.DictionaryArray.from_arrays(which, pa.array(values, schema.field(name).type))
            for name, values in zip(self._columns, distinct, strict=True)
        }


class Records:
    """Gathers records for one batch; a new one is made for the next, so that memory stays flat."""

    def __init__(self, names: Mapping[bytes, str]) -> None:
        """Take the names of sources by their digests."""
        self._callers = _Interned(_CALLER, said.caller)
        self._calls = _Interned(_CALL, said.call)
        self._about = _Interned(_ABOUT, said.about)
        self._asked = _Interned(_ASKED, said.asked)
        self._answered = _Interned(_ANSWERED, said.answered)
        # Not a method: what refers to itself would stay in memory until Python looks for that.
        self._sealed = _Interned(_SEALED, partial(_sealing, names))
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
        source, name = head.eventSource, head.eventName
        time, answer = moment_of(head.eventTime), bytes(head.responseElements)
        user = bytes(head.userIdentity)
        if time is None or not source or not name or _CODE in answer:
            return False
        if said.identity_cells(user) is None:
            return False
        recipient = head.recipientAccountId
        self._callers.add((user, head.sourceIPAddress, head.userAgent))
        self._calls.add(
            (
                b"" if recipient else user, source, name, head.eventCategory, head.awsRegion,
                recipient, head.errorCode, head.errorMessage, head.readOnly,
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
        is_call = describe(payload).form is Form.CLOUDTRAIL
        self._callers.add(_Told(said.caller_of_record(record, is_call=is_call)))
        self._calls.add(_Told(said.call_of_record(record)))
        self._about.add(_Told(said.about_of_record(record)))
        self._asked.add(_Told(said.asked_of_record(record)))
        self._answered.add(_Told(said.answered_of_record(record)))
        told = record.evidence
        self._own.append((index, told.event_id or None, told.time, told.shared_id, shown))
        return True


def _sealing(names: Mapping[bytes, str], key: tuple[int, int, int, bytes]) -> Cells:
    lane, kind, sealed_at, source = key
    name = names.get(source, f"sha256:{source.hex()}")
    spoken = "usage" if lane == Lane.USAGE else "control"
    return (spoken, kind == Kind.CONFLICT, sealed_at, name)
