"""Build: from a scope to a playback, really as it was or with events crossed out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from analyzer.answers.shape import Scope
from analyzer.counterfactual.counterfactual import imagined
from analyzer.moment import DAY, Moment
from analyzer.playback.happening import Happening, crossed_out, happenings_of
from analyzer.playback.mark import Mark, marks_of
from analyzer.playback.playback import Playback
from analyzer.playback.track import Track, tracks_of
from analyzer.progress import Progress, unheard
from analyzer.timeline import DAWN, Timeline

FORESIGHT = 60 * DAY
"""How far behind the newest event a forecast is shown: longer than any documented clock."""


def build(scope: Scope, on_progress: Progress = unheard) -> Playback:
    """Lay a history out in time.

    Args:
        scope: what is known; its moment is where the playback ends.
        on_progress: told how many keys and databases of how many are laid out.
    """
    tracks = tracks_of(scope, on_progress)
    marks = marks_of(tracks)
    names = {track.id: track.name for track in tracks}
    happenings = happenings_of(scope, marks, names)
    times = [happening.at for happening in happenings]
    end = max([scope.at, *times[-1:]])
    return Playback(
        scope=replace(scope, at=end),
        start=times[0] if times else end,
        end=end,
        horizon=_horizon(tracks, marks, end),
        tracks=tracks,
        happenings=happenings,
        marks=marks,
        gaps=scope.history.gaps,
    )


def hypothetical(
    real: Playback, entries: Collection[int], on_progress: Progress = unheard
) -> Playback:
    """Lay out what would have been without some entries and without what follows from them.

    Args:
        real: what really happened.
        entries: ledger indexes of the events to cross out.
        on_progress: told how many keys and databases of how many are laid out.
    """
    supposed = imagined(real.scope.history, entries)
    instead = build(replace(real.scope, history=supposed.history), on_progress)
    why = {fact.evidence.entry: "follows" for fact in supposed.dropped}
    why |= dict.fromkeys(entries, "crossed out")
    return replace(
        instead,
        start=real.start,
        end=real.end,
        tracks=tuple(_kept(track, instead) for track in real.tracks),
        happenings=tuple(_merged(real, instead, why)),
        baseline=real,
    )


def _kept(track: Track, instead: Playback) -> Track:
    """Return a track as it would have been, where it stood and as it was called."""
    told = instead.by_id.get(track.id)
    if told is None:  # it would never have been
        return replace(track, rows=Timeline(()), copies=())
    return replace(told, name=track.name)


def _merged(real: Playback, instead: Playback, why: dict[int, str]) -> list[Happening]:
    """Return every event that really happened, told as it would have been."""
    told = {one.evidence.entry: one for one in instead.happenings}
    return [
        crossed_out(one, why[one.evidence.entry])
        if one.evidence.entry in why
        else told.get(one.evidence.entry, one)
        for one in real.happenings
    ]


def _horizon(tracks: tuple[Track, ...], marks: tuple[Mark, ...], end: Moment) -> Moment:
    """Return the last moment at which something is known to come, within reason."""
    starts = [start for track in tracks for start in track.rows.starts]
    starts += [mark.at for mark in marks]
    starts += [start for track in tracks for copy in track.copies for start in copy.starts]
    near = [start for start in starts if start != DAWN and start <= end + FORESIGHT]
    return max([end, *near])
