"""Layers inside a document: JSON in a text, base64, and gzip below it."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Final

import orjson

MAX_INFLATED: Final = 32 << 20
"""Bytes to which compressed data in a document may inflate: it has to fit in memory."""

_GZIP_HEADER: Final = 31


def text(spelled: bytes) -> bytes | None:
    """Read a JSON text; None where it is none that can be spelled in UTF-8."""
    try:
        value = orjson.loads(spelled)
    except orjson.JSONDecodeError:
        return None
    return value.encode() if isinstance(value, str) else None


def base64_text(spelled: bytes) -> bytes | None:
    """Read base64 in a JSON text; None where it is none."""
    written = text(spelled)
    try:
        return base64.b64decode(written, validate=True) if written is not None else None
    except binascii.Error:
        return None


def inflated(data: bytes) -> bytes | None:
    """Inflate gzip; None where it is damaged, or larger than `MAX_INFLATED`."""
    machine = zlib.decompressobj(_GZIP_HEADER)
    try:
        found = machine.decompress(data, MAX_INFLATED)
    except zlib.error:
        return None
    return found if machine.eof else None
