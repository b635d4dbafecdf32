"""Times: what a test may write for `at=`, and how AWS spells the moment in its records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

When = datetime | timedelta | float
"""A moment, or the time since the simulator's start (as a timedelta or in seconds)."""

T0: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The moment from which the truth table counts."""


def resolve(at: When, start: datetime) -> datetime:
    """Turn what a test wrote into an aware UTC moment."""
    if isinstance(at, datetime):
        return at.astimezone(UTC)
    return start + (at if isinstance(at, timedelta) else timedelta(seconds=at))


def utc(text: str) -> datetime:
    """Read `2026-03-03 16:02:11` as a UTC moment."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def iso(moment: datetime) -> str:
    """Spell a moment as `eventTime` does: whole seconds, Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_millis(moment: datetime) -> str:
    """Spell a moment as `detail.Date` of an RDS event does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def us_text(moment: datetime) -> str:
    """Spell a moment as response elements do: `Jan 8, 2026, 3:00:00 AM`."""
    hour = moment.hour % 12 or 12
    return f"{moment:%b} {moment.day}, {moment.year}, {hour}:{moment:%M:%S %p}"


def us_text_24(moment: datetime) -> str:
    """Spell a moment as old KMS records do: 24 hours, PM all the same, no comma before the hour."""
    return f"{moment:%b} {moment.day}, {moment.year} {moment:%H:%M:%S %p}"
