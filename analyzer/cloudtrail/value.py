"""The JSON value of a payload: a tolerant view, a digest for comparison, its duplicate members.

The payload itself is evidence and never re-spelled; what is computed here is a view. Nothing
recurses: what becomes of a deeply nested record must not depend on how deep the caller's stack is.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any, Final

import msgspec
import orjson

MAX_DEPTH: Final = 1000
"""Levels of nesting that `load` reads for certain; it gives up at 1,024."""

_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_NUMBER = r"-?[0-9][0-9.eE+-]*+"
_TOKEN = re.compile(rf"{_STRING}|[{{}}\[\]]|[^\s{{}}\[\]:,\"]++", re.DOTALL)
_NAME = re.compile(rf"({_STRING})\s*+:|{_STRING}|[{{}}\[\]]", re.DOTALL)
_REPAIRABLE = re.compile(rf"{_STRING}|{_NUMBER}", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_LARGEST_DOUBLE = "1.7976931348623157e308"

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


class NotJsonError(ValueError):
    """Bytes that are no JSON document; the message says what is wrong and where."""


def load(payload: bytes) -> Any:
    """Decode a payload, as tolerantly as evidence needs.

    Of duplicate members the last wins; an integer beyond 64 bits comes out as a float, one beyond
    a double as the largest double; a lone surrogate comes out as U+FFFD, so that every text in the
    result can be encoded again.

    Raises:
        NotJsonError: it is not JSON, not UTF-8, or nested too deeply.
    """
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        pass
    try:
        repaired = _REPAIRABLE.sub(_repair, payload.decode())
        return orjson.loads(repaired)
    except UnicodeDecodeError as error:
        raise NotJsonError(f"invalid UTF-8{_place(payload, error.start)}") from None
    except orjson.JSONDecodeError as error:
        offset = len(repaired[: error.pos].encode())
        raise NotJsonError(f"not JSON: {error.msg}{_place(payload, offset)}") from None


def is_repaired(payload: bytes) -> bool:
    """Tell whether `load` had to replace something (lone surrogates, numbers beyond a double)."""
    try:
        orjson.loads(payload)
    except orjson.JSONDecodeError:
        return True
    return False


def content(payload: bytes) -> bytes:
    """Digest a payload's JSON value, so that two spellings of one value compare equal.

    White space and the order of members do not count; numbers are compared as they are written,
    texts as values, duplicate members in their order. What is not JSON is compared byte by byte.

    Returns:
        33 bytes: a tag and a SHA-256.
    """
    try:
        load(payload)
    except NotJsonError:
        return b"b" + sha256(payload).digest()
    return b"j" + sha256(_canonical(payload.decode())).digest()


def duplicate_members(payload: bytes) -> tuple[str, ...]:
    """Name the members that a JSON object has more than once at its top level, sorted.

    The payload must be JSON already known to be well-formed.
    """
    if _is_compact_without_duplicates(payload):
        return ()
    seen: set[str] = set()
    twice: set[str] = set()
    level = 0
    for match in _NAME.finditer(payload.decode("utf-8", "replace")):
        part = match[0]
        if part in "{[":
            level += 1
        elif part in "}]":
            level -= 1
        elif level == 1 and match[1]:
            name = json.loads(match[1])
            (twice if name in seen else seen).add(name)
    return tuple(sorted(twice))


def _place(payload: bytes, offset: int) -> str:
    if offset >= len(payload):
        return " at the end"
    return f" at byte {offset} ({payload[offset]:#04x})"


def _is_compact_without_duplicates(payload: bytes) -> bool:
    """Add up what distinct members need at the very least: a duplicate or a blank needs more."""
    try:
        members = _members.decode(payload)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return False
    values = sum([len(memoryview(value)) for value in members.values()])
    names = len("".join(members).encode("utf-8", "surrogatepass"))
    # Each member has two quotes, a colon, and a comma or the closing brace; one brace opens.
    return values + names + 4 * len(members) + 1 == len(payload)


def _repair(match: re.Match[str]) -> str:
    token = match[0]
    if token[0] == '"':
        return _ESCAPE.sub(_replace_lone, token) if "\\" in token else token
    try:
        if abs(float(token)) <= float(_LARGEST_DOUBLE):
            return token
    except ValueError:
        return token
    return "-" * token.startswith("-") + _LARGEST_DOUBLE


def _replace_lone(match: re.Match[str]) -> str:
    return "\\ufffd" if match["lone"] else match[0]


def _canonical(text: str) -> bytes:
    """Spell a well-formed document so that equal values, and only they, have equal spellings.

    Every part is a tag with a length or a digest: no two values can run into the same bytes.
    """
    parts: list[bytes] = []
    outer: list[list[bytes]] = []
    for token in _TOKEN.findall(text):
        first = token[0]
        if first == '"':
            value = json.loads(token) if "\\" in token else token[1:-1]
            spelled = value.encode("utf-8", "surrogatepass")
            parts.append(b"s%d:%b" % (len(spelled), spelled))
        elif first in "{[":
            outer.append(parts)
            parts = []
        elif first == "]":
            closed = b"[" + sha256(b"".join(parts)).digest()
            parts = outer.pop()
            parts.append(closed)
        elif first == "}":
            members = sorted(zip(parts[::2], parts[1::2], strict=True), key=_name)
            closed = b"{" + sha256(b"".join(name + value for name, value in members)).digest()
            parts = outer.pop()
            parts.append(closed)
        else:
            parts.append(b"n%d:%b" % (len(token), token.encode()))
    return b"".join(parts)


def _name(member: tuple[bytes, bytes]) -> bytes:
    return member[0]
