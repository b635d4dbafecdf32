"""Times as AWS and people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer import moment, when
from analyzer.errors import UnreadableTimeError
from analyzer.moment import DAY, HOUR, SECOND, Moment

NEW_YEAR: Moment = 1767225600 * SECOND


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-01-01T00:00:00Z", NEW_YEAR),
        ("2026-01-01t00:00:00z", NEW_YEAR),
        ("2026-01-01 00:00:00", NEW_YEAR),
        ("2026-01-01T00:00:00.123456789Z", NEW_YEAR + 123456),
        ("2026-01-01T01:00:00+01:00", NEW_YEAR),
        ("2025-12-31T19:00:00-0500", NEW_YEAR),
        ("2026-01-01", NEW_YEAR),
        ("Jan 1, 2026 12:00:00 AM", NEW_YEAR),
        ("Jan 1, 2026, 12:00:00 AM", NEW_YEAR),
        ("Jan 1, 2026 12:00:00\u202fPM", NEW_YEAR + 12 * HOUR),
        ("Jan 1, 2026 18:58:30 PM", NEW_YEAR + 18 * HOUR + (58 * 60 + 30) * SECOND),
        ("Jan 1, 2026 1:00:00 PM", NEW_YEAR + 13 * HOUR),
        (1767225600, NEW_YEAR),
        (1767225600.5, NEW_YEAR + SECOND // 2),
        ("Foo 1, 2026 1:00:00 PM", None),
        ("Feb 30, 2026 1:00:00 PM", None),
        ("2026-02-30T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**40, None),
        ([], None),
    ],
)
def test_aws_spellings_are_read_or_refused(written: object, expected: Moment | None) -> None:
    assert moment.parse_aws(written) == expected


@given(st.integers(min_value=-62_000_000_000 * SECOND, max_value=253_402_300_798 * SECOND))
def test_what_is_spelled_is_read_back(at: Moment) -> None:
    assert moment.parse_iso(moment.text(at)) == at


@pytest.mark.parametrize("at", [10**30, -(10**30)])
def test_a_moment_beyond_the_calendar_is_told_as_its_end(at: Moment) -> None:
    assert moment.text(at)[-9:] in {"23:59:59Z", "00:00:00Z"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("end", NEW_YEAR),
        ("now", NEW_YEAR + DAY),
        ("-1d", NEW_YEAR),
        ("-36h", NEW_YEAR - 12 * HOUR),
        ("+15m", NEW_YEAR + DAY + 15 * 60 * SECOND),
        ("2026-01-01", NEW_YEAR),
        (" 2026-01-01T00:00:00 ", NEW_YEAR),
    ],
)
def test_people_may_type_times_in_several_ways(typed: str, expected: Moment) -> None:
    assert when.parse(typed, now=NEW_YEAR + DAY, end=NEW_YEAR) == expected


@pytest.mark.parametrize(
    "typed", ["", "soon", "2026-13-01", "7d", "-7", "#12", "-1y", "٢٠٢٦-٠١-٠١"]
)
def test_a_time_that_cannot_be_read_is_an_error_that_names_the_forms(typed: str) -> None:
    with pytest.raises(UnreadableTimeError) as caught:
        when.parse(typed, now=0, end=0)
    assert caught.value.text == typed
    assert "end" in caught.value.forms


def test_a_count_of_entries_is_transaction_time_only() -> None:
    assert when.parse_count("#12") == 12
    assert when.parse_count("2026-01-01") is None
    assert when.parse_count("#-1") is None
