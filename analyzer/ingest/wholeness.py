"""Wholeness: whether a file can be sealed as it is, or somebody is still writing it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from analyzer.cloudtrail.body import read_body
from analyzer.cloudtrail.cut import cut
from analyzer.cloudtrail.errors import SourceError
from analyzer.cloudtrail.slices import Flaw
from analyzer.cloudtrail.sources import find_sources, open_source
from analyzer.ingest.following import Sighting
from analyzer.ingest.opening import MAX_INFLATED


def sightings(folders: Sequence[str]) -> Iterator[Sighting]:
    """Yield one look at every file in some folders; what vanishes meanwhile is passed over."""
    for source in find_sources(folders):
        if source.path is None:
            continue
        try:
            found = os.stat(source.path)  # noqa: PTH116 - bytes of a name survive as they are
        except OSError:
            continue
        yield Sighting(
            path=source.path,
            file=(found.st_dev, found.st_ino),
            size=found.st_size,
            changed=found.st_mtime_ns,
        )


def is_whole(path: str) -> bool:
    """Whether a file can be read to its end without meeting damage, as a torn one would show."""
    try:
        [source] = find_sources([path])
        with open_source(source, None) as stream:
            body = read_body(stream, max_inflated=MAX_INFLATED, on_read=_tell_nobody)
            try:
                flawed = any(isinstance(item, Flaw) for item in cut(body.text))
                return body.text.size > 0 and not (flawed or body.faults or body.has_changed())
            finally:
                body.close()
    except (SourceError, ValueError):
        return False


def _tell_nobody(_count: int) -> None:
    pass
