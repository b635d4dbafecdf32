"""`timesketch`: a timeline for Timesketch, which requires message, datetime and timestamp_desc.

Source: https://timesketch.org/guides/user/import-from-json-csv/.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from analyzer.export.rows import COLUMNS as DETAILS
from analyzer.export.rows import row, spelled
from analyzer.export.sealed import Sealed

COLUMNS: Final = ("message", "datetime", "timestamp_desc", "timestamp", *DETAILS)
"""The members of every event, those that Timesketch requires first."""


def events(entries: Iterable[Sealed]) -> Iterator[dict[str, Any]]:
    """Yield an event for each record; `timestamp` is in microseconds since the epoch."""
    for one in entries:
        record = one.record()
        if record is None:
            continue
        told = spelled(row(one, record))
        yield {
            "message": _message(told),
            "datetime": told["event_time"],
            "timestamp_desc": "Event Time",
            "timestamp": record.evidence.time,
            **told,
        }


def _message(told: dict[str, Any]) -> str:
    parts = [f"{told['event_name']} by {told['actor'] or 'nobody on record'}"]
    if told["source_ip"]:
        parts.append(f"from {told['source_ip']}")
    if told["resources"]:
        parts.append(f"on {', '.join(told['resources'])}")
    if told["error"]:
        parts.append(f"failed: {told['error']}")
    return " ".join(parts)
