"""One spelling of JSON: what orjson writes with sorted keys, as long as that is ASCII."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import MalformedError
from ledger.spelling import MAX_DEPTH, Json, read_json, spell_json

TEXTS = st.text(st.characters(exclude_categories=()))
ASCII = st.text(st.characters(max_codepoint=126))


def documents(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    numbers = st.integers(-(2**63) + 1, 2**63 - 1)
    return st.recursive(
        st.none() | st.booleans() | numbers | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=20,
    )


@given(documents(TEXTS))
def test_what_is_written_is_read_back(value: Json) -> None:
    assert read_json(spell_json(value)) == value


@given(documents(ASCII))
def test_it_is_what_orjson_writes_with_sorted_keys(value: Json) -> None:
    assert spell_json(value) == orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


@pytest.mark.parametrize(
    "spelled",
    [
        b"",
        b" 1",
        b"1 ",
        b"01",
        b"-0",
        b"1.0",
        b"1e3",
        b"NaN",
        b"Infinity",
        b"9223372036854775808",
        b"9" * 5000,
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'"\\u0041"',
        b'"\\/"',
        b'"\\uD800"',
        '"é"'.encode(),
        b'"\xff"',
        "\ufeff1".encode(),
        b"[" * 100_000,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
    ],
)
def test_any_other_spelling_is_refused(spelled: bytes) -> None:
    with pytest.raises(MalformedError):
        read_json(spelled)


@pytest.mark.parametrize("value", [1.5, float("nan"), 1 << 63, {1: 2}, b"x", {"a": object()}])
def test_what_has_no_one_spelling_is_not_written(value: Any) -> None:
    with pytest.raises(MalformedError):
        spell_json(value)
