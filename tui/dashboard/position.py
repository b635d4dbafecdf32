"""Position: where a person stands in a history, and every way to move; pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyzer.case import Gravity, Mark, Playback, Sought, Track, sought
from tui.dashboard.clock import MINUTE, SECOND, moment_of

CONTEXT = 15 * MINUTE
"""How far a context reaches to both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a person stands.

    Attributes:
        at: the playhead.
        event: place of the event under the cursor: the last one up to the playhead, or one of the
            same moment that was stepped to; -1 before the first.
        selected: id of the key or database that is looked at.
        filter: words that events must have, or behind `-` must not.
        mark: a moment to compare with; None for the moment before the event.
        window: the stretch that the strip and the list are narrowed to; None for everything.
        member: the member of the selected row that is looked at.
    """

    at: int
    event: int
    selected: str | None = None
    filter: str = ""
    mark: int | None = None
    window: tuple[int, int] | None = None
    member: str | None = None


def opened(playback: Playback, at: int | None, resource: str | None) -> Position:
    """Return where to stand at first.

    Where nothing is asked for, that is the moment at which a database was lost last; without a loss
    it is the end, with the database selected that is worst off.

    Args:
        playback: the history.
        at: the moment that was asked for; None for the decisive one.
        resource: the track that was asked for; None for the one that matters most.
    """
    moment, chosen = playback.end if at is None else at, resource
    if chosen is None:
        lost = playback.loss(moment)
        worst = _worst(playback, moment)
        chosen = lost[0].id if lost is not None else worst.id if worst is not None else None
    if at is None and chosen is not None:
        moment = decisive(playback, chosen)
    start = Position(at=moment, event=-1, selected=chosen)
    return to_moment(playback, start, moment)


def decisive(playback: Playback, track: str) -> int:
    """Return the moment at which a key or database became what it is at the end, if that is bad."""
    marks = [mark for mark in playback.marks if mark.track == track and mark.at <= playback.end]
    if not marks or marks[-1].gravity < Gravity.HIGH:
        return playback.end
    return marks[-1].at


def _worst(playback: Playback, at: int) -> Track | None:
    order = (
        "unrecoverable", "recoverable-with-action", "recoverable", "at-risk", "unknown", "healthy",
    )  # fmt: skip
    found = [
        (order.index(row["verdict"]), number, track)
        for number, track in enumerate(playback.tracks)
        if not track.is_key and (row := track.at(at)) is not None
    ]
    if found:
        return min(found)[2]
    return playback.tracks[0] if playback.tracks else None


def to_moment(playback: Playback, position: Position, at: int) -> Position:
    """Move the playhead to a moment."""
    at = max(at, playback.start)
    return _seen(replace(position, at=at, event=event_at(playback, at)))


def by_time(playback: Playback, position: Position, time: int) -> Position:
    """Move by so many microseconds, not beyond what there is to see."""
    at = position.at + time
    return to_moment(playback, position, min(at, max(playback.horizon, position.at)))


def event_at(playback: Playback, at: int) -> int:
    """Return the last event up to a moment; of several of that moment, the one that mattered most.

    A deletion and the notice of it share a second: the deletion is what one looks for.
    """
    last = place = playback.last_event(at)
    best = Gravity.GOOD - 1
    while place >= 0 and playback.times[place] == playback.times[last]:
        gravity = playback.happenings[place].gravity
        if gravity is not None and gravity > best:
            best, last = gravity, place
        place -= 1
    return last


def to_event(playback: Playback, position: Position, place: int) -> Position:
    """Move the cursor to an event, and the playhead to its moment."""
    if not playback.happenings:
        return position
    place = min(max(place, 0), len(playback.happenings) - 1)
    return _seen(replace(position, at=playback.times[place], event=place))


def to_sought(playback: Playback, position: Position, found: Sought) -> Position:
    """Move to what was looked for, be it beyond the horizon."""
    if found.event is not None:
        return to_event(playback, position, found.event)
    return to_moment(playback, position, found.at)


def step(
    playback: Playback, position: Position, matches: Sequence[int] | None, by: int
) -> Position:
    """Move by so many events; where a filter is set, only the events that it lets pass count."""
    if matches is None:
        target = position.event + by
        # Between two events, the one behind the cursor is already the previous one.
        if by < 0 and position.event >= 0 and position.at > playback.times[position.event]:
            target += 1
        return to_event(playback, position, target)
    if not matches:
        return position
    if by > 0:
        found = bisect_right(matches, position.event) + by - 1
    else:
        is_between = position.event >= 0 and position.at > playback.times[position.event]
        found = (bisect_right if is_between else bisect_left)(matches, position.event) + by
    return to_event(playback, position, matches[min(max(found, 0), len(matches) - 1)])


def to_mark(playback: Playback, position: Position, by: int) -> Position:
    """Move to the next or previous change of a verdict, or other critical change."""
    marks = [mark for mark in playback.marks if _counts(playback, mark)]
    return _to_one(playback, position, sorted({mark.at for mark in marks}), by)


def _counts(playback: Playback, mark: Mark) -> bool:
    is_key = playback.by_id[mark.track].is_key
    return not is_key or mark.gravity >= Gravity.HIGH


def to_change(playback: Playback, position: Position, by: int) -> Position:
    """Move to the next or previous change of the selected key or database."""
    track = playback.by_id.get(position.selected or "")
    if track is None:
        return position
    starts = {start for start in track.rows.starts if start >= playback.start}
    return _to_one(playback, position, sorted(starts), by)


def _to_one(playback: Playback, position: Position, moments: Sequence[int], by: int) -> Position:
    if by > 0:
        ahead = moments[bisect_right(moments, position.at) :]
        return to_moment(playback, position, ahead[0]) if ahead else position
    behind = moments[: bisect_left(moments, position.at)]
    return to_moment(playback, position, behind[-1]) if behind else position


def to_writer(playback: Playback, position: Position) -> Position:
    """Move to the moment that last wrote the selected member of the selected row."""
    track = playback.by_id.get(position.selected or "")
    if track is None or position.member is None:
        return position
    written = track.written(position.member, position.at)
    return position if written is None else to_moment(playback, position, written)


def last_chance(playback: Playback, track: str, at: int) -> int | None:
    """Return the last second at which a database could still be saved; None where there is none.

    Args:
        playback: the history.
        track: id of the database.
        at: the moment at which it is asked; a loss behind it counts too.
    """
    found = playback.by_id.get(track)
    if found is None or found.is_key:
        return None
    lost = [
        mark for mark in playback.marks if mark.track == track and mark.gravity is Gravity.CRITICAL
    ]
    after = [mark for mark in lost if mark.at > at] or lost[-1:]
    row = found.at(after[0].at if after else at)
    until = None if row is None else row["recoverable_until"]
    if until is None:
        return after[0].at - SECOND if after else None
    return moment_of(until) - SECOND


def narrowed(position: Position, reach: int) -> Position:
    """Narrow strip and list to so much time on both sides of the playhead."""
    return replace(position, window=(position.at - reach, position.at + reach))


def _seen(position: Position) -> Position:
    """Move a window along where the playhead has left it."""
    if position.window is None:
        return position
    start, end = position.window
    if start <= position.at <= end:
        return position
    reach = (end - start) // 2
    return replace(position, window=(position.at - reach, position.at + reach))


def asked(playback: Playback, at: str | None, resource: str | None, now: int) -> Position:
    """Return where to stand when a command line has asked for something.

    Args:
        playback: the history.
        at: the moment, as typed; what is relative counts from *now*. None for the decisive one.
        resource: what to select, as typed; None for what matters most.
        now: the present.

    Raises:
        UnreadableTimeError: the time cannot be read.
        UnknownResourceError: nothing has that name.
        AmbiguousResourceError: several resources have it.
    """
    moment = None if at is None else sought(playback, at, at=now, now=now).at
    chosen = None
    if resource is not None:
        chosen = playback.named(resource, playback.end if moment is None else moment)
    return opened(playback, moment, chosen)
