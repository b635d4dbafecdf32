"""Sealing: the shards of a fleet in parallel, a task each."""

from __future__ import annotations

from functools import partial

from analyzer.answers.shape import Document
from analyzer.cloudtrail.sources import find_sources
from analyzer.fleet.filling import Filling, fill, tidy
from analyzer.ingest.belonging import names_in
from analyzer.ingest.shares import argument_of, shares, told
from analyzer.ingest.tally import added
from analyzer.s3.finding import Finder
from analyzer.spark.engine import Engine


def seal(engine: Engine, source: str, how: Filling) -> Document:
    """Seal what lies below a folder in the shards of a fleet.

    Args:
        engine: whose workers see the folder and the fleet.
        source: the folder, or `s3://…`, in CloudTrail's layout. Of files whose place does not tell
            account and Region, each record goes to the shard of its own.
        how: shards are sealed.

    Returns:
        `{"fleet", "shards", "totals", "warnings"}`; see `analyzer.fleet.filling.fill`.

    Raises:
        AddressError: an address names no bucket.
        ClusterError: the cluster gave up; the same command again completes it.
    """
    with Finder(how.remote, how.services, lambda _: (), [source], lambda _: None) as finder:
        sources = list(find_sources([source], (), finder.sources))
    untold = [one for one in sources if told(one) is None and one.is_anywhere]
    names = engine.each(untold, partial(names_in, access=how.remote.access))
    found = dict(zip(map(argument_of, untold), names, strict=True))
    made = engine.each(shares(sources, found), partial(fill, how=how))
    tidy(how.fleet)
    counts = (*added(()), "size")
    return {
        "fleet": str(how.fleet),
        "shards": sorted(made, key=lambda one: str(one["shard"])),
        "totals": {name: sum(one[name] or 0 for one in made) for name in counts},
        "warnings": list(finder.survey.warnings()),
    }
