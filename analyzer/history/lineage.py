"""Lineage: which database was restored from whose data, and of which age.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html and
.../USER_PIT.html. A restored database is another database: it holds the data, but no restore brings
it into the place of the one that it came from, so it is told beside that one's copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen
from analyzer.history.identity import Identities
from analyzer.moment import Moment
from analyzer.recovery.snapshots import Snapshot
from analyzer.resource import Fact
from analyzer.resources.rds_backup import ReplicationStarted
from analyzer.resources.rds_database.events import DatabaseCreated, Origin


class Descent(Frozen, frozen=True, kw_only=True):
    """One restore.

    Attributes:
        database: identity of the database that it made.
        source: identity of the database whose data it holds; None where no record tells.
        origin: what the call restored from.
        by: the record of the call.
        held_to: the moment up to which it holds the data; None where no record tells.
    """

    database: str
    source: str | None
    origin: Origin
    by: Evidence
    held_to: Moment | None


def descents(
    groups: Mapping[str, Sequence[Fact]],
    identities: Identities,
    snapshots: Mapping[str, Sequence[Snapshot]],
) -> Iterator[Descent]:
    """Yield every restore, in no particular order.

    Args:
        groups: facts by database identity.
        identities: resource ids by ARN and moment.
        snapshots: by the identity of the database whose data they hold.
    """
    owners = {one.arn: (owner, one) for owner, held in snapshots.items() for one in held}
    replicated = {
        fact.event.backup: owner
        for owner, facts in groups.items()
        for fact in facts
        if isinstance(fact.event, ReplicationStarted)
    }
    for identity, facts in groups.items():
        for fact in facts:
            event, by = fact.event, fact.evidence
            if fact.has_failed or not isinstance(event, DatabaseCreated) or event.origin is None:
                continue
            origin = event.origin
            owner, snapshot = owners.get(origin.of, (None, None))
            if snapshot is not None:
                held_to = _age(snapshot, by.time)
            else:
                owner = replicated.get(origin.of) or _owner(origin, identities, by.time, groups)
                held_to = origin.moment or (by.time if origin.is_latest else None)
            yield Descent(database=identity, source=owner, origin=origin, by=by, held_to=held_to)


def _owner(
    origin: Origin, identities: Identities, at: Moment, groups: Mapping[str, Sequence[Fact]]
) -> str | None:
    """Return the database that a restore to a point in time names, if the ledger knows it."""
    named = origin.resource_id or identities.at(origin.of, at)
    return named if named in groups else None


def _age(snapshot: Snapshot, at: Moment) -> Moment | None:
    life = snapshot.life.at(max(at, snapshot.born))
    return None if life is None else life.restorable_to
