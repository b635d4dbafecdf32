"""Following: which files of a growing folder are to be sealed next; decided from what was seen.

A file is due once it has been quiet for a while, or has been written to for long without a pause;
whoever asks then looks whether it is whole. One that is not is asked about again when it changes,
and is given up on, which means taken as it is, after a longer silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from analyzer.moment import MINUTE, SECOND, Moment

SETTLED: Final = 2 * SECOND
"""After so long without a change a file is looked at."""

IMPATIENT: Final = 30 * SECOND
"""A file that never pauses is looked at so long after it first changed."""

GIVEN_UP: Final = 10 * MINUTE
"""A file that is not whole is taken as it is after so long without a change."""

_UNFINISHED: Final = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".filepart")
"""How the names of files end that a download will rename."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One look at a file.

    Attributes:
        path: where it lies.
        file: device and inode, which stay when it is renamed.
        size: in bytes.
        changed: when its content changed last, in nanoseconds, as the file system says.
    """

    path: str
    file: tuple[int, int]
    size: int
    changed: int

    @property
    def content(self) -> tuple[tuple[int, int], int, int]:
        """What stays the same as long as nobody writes to it, also under another name."""
        return (self.file, self.size, self.changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A file and what is known of it.

    Attributes:
        last: the newest look at it.
        since: when this content was first seen.
        waiting: when the first content was seen that is not sealed yet.
        is_done: whether this content is sealed, or was looked at and is not whole.
        is_sealed: whether this content is sealed.
    """

    last: Sighting
    since: Moment
    waiting: Moment
    is_done: bool = False
    is_sealed: bool = False


Files = Mapping[str, Watched]
"""What is watched, by path."""


def seen(files: Files, sightings: Iterable[Sighting], now: Moment) -> Files:
    """Return what is known after a look at the whole folder; files that are gone are forgotten."""
    contents = {one.last.content: one for one in files.values()}
    known: dict[str, Watched] = {}
    for sighting in sightings:
        if is_unfinished(sighting.path):
            continue
        before = files.get(sighting.path)
        same = contents.get(sighting.content)
        if same is not None:
            known[sighting.path] = replace(same, last=sighting)
        elif before is None or before.is_sealed:
            known[sighting.path] = Watched(last=sighting, since=now, waiting=now)
        else:
            known[sighting.path] = Watched(last=sighting, since=now, waiting=before.waiting)
    return known


def due(files: Files, now: Moment) -> list[str]:
    """Return the paths that are to be looked at now, sorted."""
    return sorted(
        path
        for path, one in files.items()
        if not one.is_done and (now - one.since >= SETTLED or now - one.waiting >= IMPATIENT)
    )


def given_up(files: Files, now: Moment) -> list[str]:
    """Return the paths of files that are not whole and have not changed for long, sorted."""
    return sorted(
        path
        for path, one in files.items()
        if one.is_done and not one.is_sealed and now - one.since >= GIVEN_UP
    )


def sealed(files: Files, paths: Iterable[str]) -> Files:
    """Return what is known once these files were sealed as they were seen last."""
    return _marked(files, paths, is_sealed=True)


def unfinished(files: Files, paths: Iterable[str]) -> Files:
    """Return what is known once these files were looked at and are not whole."""
    return _marked(files, paths, is_sealed=False)


def is_unfinished(path: str) -> bool:
    """Whether a name says that its file is still being written and will be renamed."""
    name = path.rpartition("/")[2].lower()
    return name.startswith(".") or name.endswith(_UNFINISHED)


def _marked(files: Files, paths: Iterable[str], *, is_sealed: bool) -> Files:
    chosen = set(paths)
    return {
        path: replace(one, is_done=True, is_sealed=is_sealed) if path in chosen else one
        for path, one in files.items()
    }
