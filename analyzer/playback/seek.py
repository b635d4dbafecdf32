"""Seeking: from what a person types to a moment of a playback."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from analyzer import when
from analyzer.errors import UnreadableTimeError
from analyzer.moment import Moment
from analyzer.place import parse as parse_entry
from analyzer.playback.playback import Playback

FORMS: Final = (
    "2026-01-08T03:00:00Z",
    "2026-01-08",
    "-3d or +2h, counted from here",
    "50%",
    "#1200, an entry",
    "the beginning of an event id",
    "end",
    "now",
)
"""What can be typed, by example."""

LEAST_ID: Final = 4
"""Characters from which on a text is taken for the beginning of an event id."""

_SHARE = re.compile(r"(\d{1,3})(?:[.,](\d+))?\s*%\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Where somebody wants to go.

    Attributes:
        at: the moment.
        event: the place of the event that was named; None where a moment was.
    """

    at: Moment
    event: int | None = None


def sought(playback: Playback, written: str, *, at: Moment, now: Moment) -> Sought:
    """Find the moment that *written* names.

    Args:
        playback: where to look for entries and event ids.
        written: one of `FORMS`.
        at: the playhead, from which `-3d` and `+2h` count.
        now: the present.

    Raises:
        UnreadableTimeError: it is none of them, or no such entry or event is in the playback.
    """
    typed = written.strip()
    share = _SHARE.match(typed)
    if share is not None:
        part = float(f"{share[1]}.{share[2] or 0}") / 100
        return Sought(at=moment_at(playback, min(part, 1.0)))
    entry = parse_entry(typed)
    place = _named(playback, typed) if entry is None else playback.by_entry.get(entry)
    if place is not None:
        return Sought(at=playback.times[place], event=place)
    if entry is not None:
        raise UnreadableTimeError(written, FORMS)
    origin = at if typed[:1] in {"+", "-"} else now
    try:
        return Sought(at=when.parse(typed, now=origin, end=playback.end))
    except UnreadableTimeError as error:
        raise UnreadableTimeError(written, FORMS) from error


def moment_at(playback: Playback, share: float) -> Moment:
    """Return the moment at a share, 0 to 1, of the way from the first event to the last."""
    return playback.start + round((playback.end - playback.start) * share)


def _named(playback: Playback, typed: str) -> int | None:
    """Return the place of the first event whose id begins so."""
    if len(typed) < LEAST_ID or typed[0] in "+-" or typed[4:5] == "-":  # a date has its dash there
        return None
    begins = typed.lower()
    return next(
        (
            place
            for place, one in enumerate(playback.happenings)
            if one.evidence.event_id.lower().startswith(begins)
        ),
        None,
    )
