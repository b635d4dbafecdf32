"""The bar beside a list: it shows where one is, and one gets there by it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.dashboard.thumb import sought, thumb

counts = st.integers(0, 10_000_000)
heights = st.integers(0, 200)


def test_there_is_no_bar_where_every_row_is_to_be_seen() -> None:
    assert not thumb(10, 10, 0)
    assert not thumb(0, 0, 0)
    assert sought(5, 10, 10) == 0


def test_half_of_the_rows_fill_half_of_the_bar() -> None:
    assert thumb(20, 10, 0) == range(5)
    assert thumb(20, 10, 10) == range(5, 10)
    assert thumb(20, 10, 5) == range(2, 7)


@given(count=counts, height=heights, share=st.floats(0, 1))
def test_it_lies_on_the_bar_and_touches_an_end_where_the_list_does(
    count: int, height: int, share: float
) -> None:
    last = max(count - height, 0)
    filled = thumb(count, height, round(last * share))
    assert set(filled) <= set(range(height))
    if last and height:
        assert thumb(count, height, 0)[0] == 0
        assert thumb(count, height, last)[-1] == height - 1


@given(count=counts, height=heights, line=st.integers(0, 199))
def test_a_click_on_the_bar_brings_it_there(count: int, height: int, line: int) -> None:
    top = sought(line, count, height)
    assert 0 <= top <= max(count - height, 0)
    filled = thumb(count, height, top)
    if filled and line < height:
        assert line in filled or line in {filled[0] - 1, filled[-1] + 1}
