"""Shares: which of the sources below a folder go into which shard; decided from names and sizes."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from analyzer.cloudtrail.sources import Source
from analyzer.ingest.belonging import NOWHERE
from analyzer.s3.address import spelled
from analyzer.s3.layout import home


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one shard takes.

    Attributes:
        name: of the shard: `ACCOUNT/REGION`.
        sources: folders and files of which it takes everything.
        mixed: files of which it takes what is its own; other shards take the rest.
        size: bytes of all of them, as they lie on disk.
    """

    name: str
    sources: tuple[str, ...]
    mixed: tuple[str, ...]
    size: int


@dataclass(slots=True)
class _Gathered:
    sources: set[str] = field(default_factory=set)
    mixed: set[str] = field(default_factory=set)
    size: int = 0


def told(source: Source) -> tuple[str, str] | None:
    """Return the shard of a source and the folder that says so; None where its place does not."""
    if source.object is not None:
        found = home(source.object.key)
        bucket = source.object.bucket
        return None if found is None else (found[0], spelled(bucket, found[1]))
    return None if source.path is None else home(os.path.abspath(source.path))  # noqa: PTH100 - bytes of names survive


def shares(sources: Iterable[Source], names: Mapping[str, frozenset[str]]) -> Sequence[Share]:
    """Divide sources.

    Args:
        sources: all of them.
        names: by argument, of those whose place does not tell: the shards of their records.

    Returns:
        The shares, the largest first, so that no worker begins with it when all others are done.
    """
    found: dict[str, _Gathered] = defaultdict(_Gathered)
    for source in sources:
        place = told(source)
        argument = argument_of(source)
        if place is not None:
            found[place[0]].sources.add(place[1])
            found[place[0]].size += source.size
            continue
        held = names.get(argument, frozenset())
        told_of = held - {NOWHERE} if len(held - {NOWHERE}) == 1 else held
        for name in told_of or {NOWHERE}:
            share = found[name]
            (share.mixed if len(told_of) > 1 else share.sources).add(argument)
            share.size += source.size
    made = (
        Share(
            name=name,
            sources=tuple(sorted(one.sources)),
            mixed=tuple(sorted(one.mixed)),
            size=one.size,
        )
        for name, one in found.items()
    )
    return sorted(made, key=lambda one: (-one.size, one.name))


def argument_of(source: Source) -> str:
    """Return the argument that means a source, and nothing else."""
    return source.path or source.name
