"""Times as people type them on a command line."""

from __future__ import annotations

import re
from typing import Final

from analyzer import moment
from analyzer.errors import UnreadableTimeError
from analyzer.moment import DAY, HOUR, MINUTE, SECOND, Moment

FORMS: Final = (
    "2026-01-08T03:00:00Z",
    "2026-01-08T04:00:00+01:00",
    "2026-01-08",
    "now",
    "end",
    "-7d",
    "-36h",
    "-15m",
)
"""The accepted forms, by example."""

KNOWN_FORMS: Final = (*FORMS, "#1200")
"""The same for transaction time, which also counts entries."""

_UNITS: Final = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_RELATIVE = re.compile(r"([+-])(\d{1,6})([smhdw])\Z", re.ASCII)
_COUNT = re.compile(r"#(\d{1,18})\Z", re.ASCII)


def parse(written: str, *, now: Moment, end: Moment) -> Moment:
    """Read a point in valid time.

    Args:
        written: what was typed; a naive time is UTC.
        now: the clock.
        end: the newest event time in scope.

    Raises:
        UnreadableTimeError: none of `FORMS` fits.
    """
    typed = written.strip()
    if typed == "end":
        return end
    if typed == "now":
        return now
    relative = _RELATIVE.match(typed)
    if relative is not None:
        sign, digits, unit = relative.groups()
        return now + (-1 if sign == "-" else 1) * int(digits) * _UNITS[unit]
    found = moment.parse_iso(typed)
    if found is None:
        raise UnreadableTimeError(written, FORMS)
    return found


def parse_known(written: str, *, now: Moment) -> Moment:
    """Read a point in transaction time; `end` is the newest there is.

    Raises:
        UnreadableTimeError: none of `KNOWN_FORMS` fits.
    """
    try:
        return parse(written, now=now, end=now)
    except UnreadableTimeError as error:
        raise UnreadableTimeError(written, KNOWN_FORMS) from error


def parse_count(written: str) -> int | None:
    """Read `#N`, the first N entries; None where it is another form of time."""
    match = _COUNT.match(written.strip())
    return int(match.group(1)) if match is not None else None
