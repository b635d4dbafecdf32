"""The cut: both ways give the same slices, and no damage anywhere costs more than what it hit."""

from __future__ import annotations

import json
import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from analyzer.cloudtrail.body import Bytes
from analyzer.cloudtrail.cut import cut
from analyzer.cloudtrail.scan import measure
from analyzer.cloudtrail.slices import Reject, Remark, Slice
from analyzer.cloudtrail.value import content
from analyzer.cloudtrail.window import WIDTH
from tests.ingested import items, lines, record, slices, spelled, trail

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzer.cloudtrail.slices import Item

RECORDS = [spelled(record(number)) for number in range(1, 7)]

texts = st.text(alphabet=st.sampled_from('abé€😀"\\{}[]:,\n\x1b '), max_size=8)
values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def records(draw: st.DrawFn) -> bytes:
    whole = record(draw(st.integers(1, 9)), userAgent=draw(texts), requestParameters=draw(values))
    ascii_only = draw(st.booleans())
    separators = draw(st.sampled_from([(",", ":"), (", ", ": ")]))
    return json.dumps(whole, ensure_ascii=ascii_only, separators=separators).encode()


elements = (
    records()
    | values.map(spelled)
    | records().map(lambda each: spelled({"detail": json.loads(each)}))
    | records().map(lambda each: spelled({"CloudTrailEvent": each.decode()}))
)
blanks = st.sampled_from([b"", b"\n", b" ", b"\r\n", b"\n\n  "])
joints = st.sampled_from([b"", b"\n", b"\n\n", b" ", b"\0", b"\r\n", b",", b"\n}", b"\ntext\n"])


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Files in all forms: mostly right, sometimes joined by what does not belong there."""
    found = draw(st.lists(elements, max_size=5))
    around = draw(blanks)
    comma = around + b"," + draw(blanks)
    whole = [
        b'{"Records":[' + around + comma.join(found) + around + b"]}",
        b"[" + comma.join(found) + b"]",
        b"\n".join(found),
        b'{"Events":[' + comma.join(found) + b"]}",
        b'{"a":1,"Records":[' + comma.join(found) + b'],"b":[2]}',
    ]
    return draw(joints).join(draw(st.lists(st.sampled_from(whole), min_size=1, max_size=3)))


@given(documents())
@settings(max_examples=300, deadline=None)
def test_the_quick_cut_and_the_careful_one_agree(data: bytes) -> None:
    assert items(data) == items(data, is_quick=False)


@given(documents(), st.data())
@settings(max_examples=200, deadline=None)
def test_they_agree_on_damaged_documents_too(data: bytes, drawn: st.DataObject) -> None:
    damaged, _, _ = _damage(data, drawn)
    assert items(damaged) == items(damaged, is_quick=False)


@given(documents())
@settings(max_examples=150, deadline=None)
def test_slices_lie_where_they_say_and_never_overlap(data: bytes) -> None:
    end = 0
    for item in items(data):
        if isinstance(item, Slice | Reject) and not item.unwrapping:
            assert data[item.offset : item.offset + len(item.payload)] == item.payload
            assert item.offset >= end
            end = item.offset + len(item.payload)


def _damage(data: bytes, drawn: st.DataObject) -> tuple[bytes, int, int]:
    """Cut out, insert or overwrite; return where the damage begins, and ends, in the original."""
    start = drawn.draw(st.integers(0, len(data)), "start")
    removed = drawn.draw(st.integers(0, min(40, len(data) - start)), "removed")
    alphabet = st.sampled_from(list(b'{}[]":,\\\n\0 ax1\xff'))
    inserted = bytes(drawn.draw(st.lists(alphabet, max_size=6), "inserted"))
    return data[:start] + inserted + data[start + removed :], start, start + removed


FORMS = [
    trail(*RECORDS),
    lines(*RECORDS),
    b"".join(RECORDS),
    b"[" + b", ".join(RECORDS) + b"]",
    json.dumps({"Records": [json.loads(each) for each in RECORDS]}, indent=1).encode(),
    lines(trail(*RECORDS[:3]), trail(*RECORDS[3:])),
    b'{"Records":[\n' + b",\n".join(RECORDS) + b"\n]}",
]


@given(st.sampled_from(FORMS), st.data())
@settings(max_examples=600, deadline=None)
def test_damage_never_costs_a_record_that_it_did_not_hit(data: bytes, drawn: st.DataObject) -> None:
    damaged, start, end = _damage(data, drawn)
    before = [(item.offset, item.payload) for item in items(data) if isinstance(item, Slice)]
    spared = [
        payload
        for offset, payload in before
        if offset + len(payload) <= start or (offset >= end and offset > start)
    ]
    # What was written may turn a record into the last member of a torn one; that is told apart by
    # a name before it, which has to be whole.
    assume(not re.search(rb'"[\w.\-]+"[ \t\n\r]*:[ \t\n\r]*\Z', damaged[: start + 8][-16:]))
    found = items(damaged)
    kept = slices(found)
    assert [payload for payload in spared if payload not in kept] == []
    _assert_nothing_is_lost(damaged, found)


def _assert_nothing_is_lost(data: bytes, found: list[Item]) -> None:
    """Every byte is kept or told of, but for those of a container: brackets, names, its members.

    Damage can make the last members of a record those of its container; that is told as damage.
    """
    covered = bytearray(data)
    for item in found:
        if isinstance(item, Slice | Reject | Remark):
            if isinstance(item, Remark) or item.unwrapping:
                size = measure(data, item.offset).end - item.offset
            else:
                size = len(item.payload)
            covered[item.offset : item.offset + size] = b" " * size
    if any(isinstance(item, Slice | Reject) for item in found):
        assert len(re.sub(rb"\W", b"", covered)) <= 60, bytes(covered)


@given(st.binary(max_size=300) | st.text(alphabet='{}[]":,\\\n a1', max_size=200).map(str.encode))
@example(b'{"Records":[')
@example(b'{"a":[{"Records":[')
@example(b'{"Records":[{"eventTime"')
@example(b"\xef\xbb")
@example(b'"')
@settings(max_examples=500, deadline=None)
def test_nothing_makes_the_cut_fail(data: bytes) -> None:
    assert items(data) == items(data, is_quick=False)


@pytest.mark.parametrize("form", [trail, lines])
@pytest.mark.parametrize("distance", [-2000, -257, -256, -255, -1, 0, 1, 2, 700])
def test_what_is_in_sight_at_once_makes_no_difference(
    form: Callable[..., bytes], distance: int
) -> None:
    """The window slides over the text; damage at its edge is found as anywhere else."""
    whole = form(*RECORDS * 3000)
    edge = WIDTH + distance
    damaged = whole[:edge] + b'"{' + whole[edge + 3 :]
    seen = cut(Bytes(data=damaged), in_memory=0)
    assert all(one == other for one, other in zip_longest(seen, items(damaged)))


@given(values, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_content_of_a_value_does_not_depend_on_its_spelling(value: Any, random: Any) -> None:
    def shuffled(part: Any) -> Any:
        if isinstance(part, dict):
            names = list(part)
            random.shuffle(names)
            return {name: shuffled(part[name]) for name in names}
        return [shuffled(each) for each in part] if isinstance(part, list) else part

    spelling = json.dumps(shuffled(value), indent=2, ensure_ascii=random.random() < 0.5)
    assert content(spelling.encode()) == content(spelled(value))


@given(values, values)
@settings(max_examples=300, deadline=None)
def test_different_values_have_different_contents(one: Any, other: Any) -> None:
    first, second = (json.dumps(each, sort_keys=True) for each in (one, other))
    assert (content(first.encode()) == content(second.encode())) == (first == second)
