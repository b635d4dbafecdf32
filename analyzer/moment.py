"""Moments: microseconds since the epoch, UTC, and how AWS and people spell them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Final

Moment = int
"""Microseconds since 1970-01-01T00:00:00Z; an int, so that moments compare and subtract exactly."""

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

_KEPT: Final = 1 << 15
"""Spellings that are kept: an answer about many resources names few moments again and again."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d{2}:?\d{2})?)?\Z",
    re.ASCII,
)
_AWS = re.compile(
    r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2}):(\d{2})(?: ([AP]M))?\Z", re.ASCII
)
_FARTHEST_SECOND = 253_402_300_799  # the end of the year 9999
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_LAST = _FARTHEST_SECOND * SECOND


def of(value: datetime) -> Moment:
    """Turn an aware datetime into a moment."""
    return (value - _EPOCH) // timedelta(microseconds=1)


def as_datetime(moment: Moment) -> datetime:
    """Turn a moment into an aware UTC datetime; raises OverflowError beyond the year 9999."""
    return _EPOCH + timedelta(microseconds=moment)


@lru_cache(maxsize=_KEPT)
def text(moment: Moment) -> str:
    """Spell a moment as the contract does: `2026-01-08T03:00:00Z`, with a fraction if any.

    What lies beyond the years 1 to 9999 (a hostile record may say so) is told as their end.
    """
    seconds, fraction = divmod(min(max(moment, _FIRST), _LAST), SECOND)
    days, second = divmod(seconds, DAY // SECOND)
    minute, second = divmod(second, 60)
    spelled = f"{_day(days)}T{minute // 60:02}:{minute % 60:02}:{second:02}"
    return f"{spelled}.{f'{fraction:06}'.rstrip('0')}Z" if fraction else f"{spelled}Z"


@lru_cache(maxsize=_KEPT)
def _day(days: int) -> str:
    return (_EPOCH + timedelta(days=days)).date().isoformat()


def parse_iso(written: str) -> Moment | None:
    """Read an ISO 8601 / RFC 3339 time; a naive one is UTC, digits beyond microseconds are cut off.

    Returns:
        The moment, or None where *written* is not such a time (no such day included).
    """
    match = _ISO.match(written.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        moment = of(
            datetime(
                int(year), int(month), int(day), int(hour or 0), int(minute or 0),
                min(int(second or 0), 59),  # a leap second is told as the last one
                int((fraction or "0")[:6].ljust(6, "0")),
                tzinfo=_offset(offset),
            )
        )  # fmt: skip
    except (ValueError, OverflowError):
        return None
    return moment


def parse_aws(value: object) -> Moment | None:
    """Read a time as AWS writes it inside records: US text in its spellings, ISO, or epoch seconds.

    Source: the samples of the KMS and RDS guides ("Apr 12, 2021 18:58:30 PM" has 24 hours *and*
    PM).

    Returns:
        The moment, or None where *value* is none of these.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return int(value * SECOND) if abs(value) < _FARTHEST_SECOND else None
    if not isinstance(value, str):
        return None
    written = " ".join(value.replace("\u202f", " ").replace("\u00a0", " ").split())
    match = _AWS.match(written)
    if match is None:
        return parse_iso(written)
    month, day, year, hour, minute, second, half = match.groups()
    if month not in _MONTHS:
        return None
    hours = int(hour)
    if half == "PM" and hours < 12:  # noqa: PLR2004 - noon
        hours += 12
    elif half == "AM" and hours == 12:  # noqa: PLR2004 - midnight
        hours = 0
    try:
        return of(
            datetime(
                int(year), _MONTHS.index(month) + 1, int(day), hours, int(minute), int(second),
                tzinfo=UTC,
            )
        )  # fmt: skip
    except ValueError:
        return None


def _offset(written: str | None) -> timezone:
    if written is None or written in "Zz":
        return UTC
    sign = -1 if written[0] == "-" else 1
    digits = written[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
