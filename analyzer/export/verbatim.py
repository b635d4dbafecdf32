"""`jsonl`: the sealed bytes themselves, so that an ingest of them seals the same again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from analyzer.export.sealed import Sealed


def lines(entries: Iterable[Sealed]) -> Iterator[bytes]:
    """Yield one line for each entry.

    A record stands as it was sealed, byte for byte; one that spans several lines does so here too.
    A reject is put into the list in which an ingest takes it for one, as text where it is no JSON
    value; bytes that are no text either cannot be, and are left out.
    """
    for one in entries:
        if one.about is not None:
            yield one.payload + b"\n"
        elif (value := _value(one.payload)) is not None:
            yield b'{"Records":[' + value + b"]}\n"


def _value(payload: bytes) -> bytes | None:
    """Return the JSON value from which an ingest takes these bytes; None where there is none."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return None
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return json.dumps(text).encode()
    return payload
