"""Rows: a record in columns, for spreadsheets and tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from analyzer import moment
from analyzer.export.sealed import Sealed
from analyzer.record import Record, text

COLUMNS: Final = (
    "entry", "kind", "sealed_at", "event_time", "service", "event_name", "event_id", "actor",
    "session", "source_ip", "user_agent", "region", "account", "error", "error_message",
    "resources", "request", "response", "payload",
)  # fmt: skip
"""The members of every row, in order; README documents them."""

Row = dict[str, Any]


def rows(entries: Iterable[Sealed]) -> Iterator[Row]:
    """Yield a row for each record; rejects have no columns and are left out."""
    for one in entries:
        record = one.record()
        if record is not None:
            yield row(one, record)


def row(one: Sealed, record: Record) -> Row:
    """Return one record in columns; times as moments, nested members as JSON text."""
    cited = record.evidence
    return {
        "entry": one.entry,
        "kind": one.kind,
        "sealed_at": one.sealed_at,
        "event_time": cited.time,
        "service": record.service,
        "event_name": cited.event_name,
        "event_id": cited.event_id,
        "actor": cited.actor,
        "session": cited.session,
        "source_ip": cited.source_ip,
        "user_agent": text(record.body, "userAgent"),
        "region": cited.region,
        "account": cited.account,
        "error": cited.error,
        "error_message": text(record.body, "errorMessage"),
        "resources": list(record.resource_arns),
        "request": _nested(record.request),
        "response": _nested(record.response),
        "payload": one.payload.decode(errors="replace"),
    }


def spelled(given: Row) -> Row:
    """Return a row with its times spelled as text."""
    sealed_at, event_time = _spelled(given["sealed_at"]), moment.text(given["event_time"])
    return {**given, "sealed_at": sealed_at, "event_time": event_time}


_spelled = lru_cache(maxsize=64)(moment.text)
"""A whole segment was sealed at one moment."""


def _nested(members: Mapping[str, Any]) -> str | None:
    return json.dumps(members, separators=(",", ":")) if members else None
