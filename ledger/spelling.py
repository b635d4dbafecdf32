"""Spelling: numbers, base64 and JSON in the one spelling in which the ledger writes them.

A text with two spellings is a text that two verifiers can disagree about, so whatever is read here
is written again and compared.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

from ledger.entry import MAX_NUMBER
from ledger.errors import MalformedError

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
"""JSON without fractions."""

MAX_DEPTH: Final = 64
"""Objects and arrays within each other that a document may have."""


def spell_base64(data: bytes) -> str:
    """Spell bytes in the alphabet of RFC 4648, section 4, with padding."""
    return b64encode(data).decode()


def read_base64(text: str) -> bytes:
    """Read base64 back.

    Raises:
        MalformedError: anything but what `spell_base64` would have written.
    """
    try:
        data = b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise MalformedError(f"no base64: {error}") from error
    if spell_base64(data) != text:  # spare bits were set
        raise MalformedError("not the canonical spelling of base64")
    return data


def read_number(text: str) -> int:
    """Read a decimal number from 0 to 2^63 - 1.

    Raises:
        MalformedError: signs, leading zeros, other digits, blanks: anything but its digits.
    """
    # int() also reads "1_000", "+5", " 5 " and digits of other scripts.
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MAX_NUMBER)):
        raise MalformedError("a number is spelled in decimal digits")
    number = int(text)
    if str(number) != text or number > MAX_NUMBER:
        raise MalformedError("a number has no leading zeros and lies below 2^63")
    return number


def spell_json(value: Json) -> bytes:
    r"""Spell a value as JSON: members sorted, no white space, no fractions, printable ASCII.

    With `\uXXXX` for all else, because text from outside may hold lone surrogates, which UTF-8
    cannot spell. What needs no such thing comes out as orjson writes it with sorted keys.

    Raises:
        MalformedError: it holds something else, or is nested deeper than `MAX_DEPTH`.
    """
    _check(value, MAX_DEPTH)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def read_json(data: bytes) -> Json:
    """Read JSON back.

    Raises:
        MalformedError: anything but what `spell_json` would have written.
    """
    try:
        value: Json = json.loads(data, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"no JSON that the ledger writes: {error}") from error
    if spell_json(value) != data:
        raise MalformedError("not the canonical spelling of its JSON")
    return value


def _refuse(text: str) -> NoReturn:
    raise MalformedError(f"{text} is no whole number")


def _check(value: Json, depth: int) -> None:
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if not -MAX_NUMBER <= value <= MAX_NUMBER:
            raise MalformedError("a number of a document lies within 2^63")
    elif depth and isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise MalformedError("members are named by text")
        for held in value.values():
            _check(held, depth - 1)
    elif depth and isinstance(value, list | tuple):
        for held in value:
            _check(held, depth - 1)
    else:
        raise MalformedError("a document is made of text, whole numbers, lists and objects")
