"""The lives of snapshots: incarnations of a name, what they were copied from, whose data they hold.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen, replace
from analyzer.moment import Moment
from analyzer.record import sibling
from analyzer.recovery.copies import Kind, Life, gone_by
from analyzer.recovery.database import DatabaseState
from analyzer.resource import Fact
from analyzer.resources.rds_database.events import CLUSTER
from analyzer.resources.rds_snapshot import SnapshotCopied, SnapshotCreated, SnapshotDeleted
from analyzer.timeline import DAWN, Known, Timeline


class Snapshot(Frozen, frozen=True, kw_only=True):
    """One incarnation of a snapshot's name, from its creation to its deletion."""

    arn: str
    database: str | None
    key: str | None
    is_encrypted: bool | None
    source: str | None
    life: Timeline[Life]

    @property
    def born(self) -> Moment:
        """When it began; DAWN where only its deletion is on record."""
        return self.life.starts[0]


def snapshots_of(
    arn: str, facts: Iterable[Fact], owner: Callable[[Fact], str | None]
) -> list[Snapshot]:
    """Split the successful facts about one snapshot ARN into incarnations, oldest first.

    Args:
        arn: the snapshot.
        facts: about it, in any order.
        owner: says of which database a fact speaks, None where it does not tell.
    """
    found: list[Snapshot] = []
    for fact in sorted(facts, key=lambda one: one.evidence.order):
        if fact.has_failed:
            continue
        event, by = fact.event, fact.evidence
        if isinstance(event, SnapshotDeleted):
            if found and _is_ended(found[-1]):
                continue  # RDS, or AWS Backup, tells of the same deletion by itself
            open_one = found.pop() if found else _found(arn, event, DAWN, None)
            found.append(_deleted(open_one, by))
        elif isinstance(event, SnapshotCreated | SnapshotCopied):
            if found and not _is_ended(found[-1]):
                found[-1] = _completed(found[-1], event)
            else:
                found.append(_found(arn, event, by.time, by))
        if found and found[-1].database is None and found[-1].source is None:
            found[-1] = replace(found[-1], database=owner(fact))
    return found


def cancelled(taken: Mapping[str, list[Snapshot]], facts: Iterable[Fact]) -> None:
    """End the copies of which RDS says that they did not come to be.

    Args:
        taken: snapshots by ARN, oldest first; changed in place.
        facts: successful facts about cancelled copies, in time order.
    """
    for fact in facts:
        at, named = fact.evidence.time, fact.event.seen.arn
        made = [
            (one.born, arn, index)
            for arn, held in taken.items()
            for index, one in enumerate(held)
            if one.source is not None and named in {arn, one.source} and one.born <= at
            if not _is_ended(one)
        ]
        # Where the event names what was copied, it can only mean the latest copy made of it.
        for _, arn, index in sorted(made, reverse=True)[:1]:
            taken[arn][index] = _deleted(taken[arn][index], fact.evidence)


def _completed(snapshot: Snapshot, event: SnapshotCreated | SnapshotCopied) -> Snapshot:
    """Return a snapshot with what a second record of its making adds."""
    seen = event.seen
    source = event.source if isinstance(event, SnapshotCopied) else None
    return replace(
        snapshot,
        database=snapshot.database or seen.database_id,
        key=snapshot.key or seen.key,
        is_encrypted=seen.is_encrypted if snapshot.is_encrypted is None else snapshot.is_encrypted,
        source=snapshot.source or source,
    )


def add_final_snapshot(
    taken: dict[str, list[Snapshot]], database: str, state: DatabaseState, by: Evidence
) -> None:
    """Add the snapshot that the deletion *by* took; no record of its own tells of it.

    Where only a later deletion of that name is on record, it is the final snapshot that was
    deleted.
    """
    if state.final_snapshot is None:
        return
    part = "cluster-snapshot" if state.traits.kind == CLUSTER else "snapshot"
    arn = sibling(state.traits.arn, f"{part}:{state.final_snapshot.lower()}")
    life = Life(
        kind=Kind.FINAL_SNAPSHOT, since=Known.exactly(by.time), cause=by, restorable_to=by.time
    )
    final = Snapshot(
        arn=arn,
        database=database,
        key=state.traits.key,
        is_encrypted=state.traits.is_encrypted,
        source=None,
        life=Timeline([(by.time, life)]),
    )
    held = taken.setdefault(arn, [])
    unborn = next((one for one in held if one.born == DAWN), None)
    end = unborn.life.last if unborn is not None else None
    if unborn is not None and end is not None and end.cause is not None:
        held.remove(unborn)
        final = _deleted(final, end.cause)
    held.append(final)


def by_database(taken: Mapping[str, Sequence[Snapshot]]) -> dict[str, list[Snapshot]]:
    """Group snapshots by the database whose data they hold; copies inherit it from their source."""
    groups: dict[str, list[Snapshot]] = defaultdict(list)
    for snapshot in (one for held in taken.values() for one in held):
        whole = _with_lineage(snapshot, taken)
        if whole.database is not None:
            groups[whole.database].append(whole)
    return dict(groups)


def _with_lineage(snapshot: Snapshot, taken: Mapping[str, Sequence[Snapshot]]) -> Snapshot:
    """Fill in what a copy inherits: database, age of its data, and the key unless it names one."""
    origin, passed = snapshot, {snapshot.arn}
    while origin.source is not None and origin.source not in passed:
        passed.add(origin.source)
        older = [one for one in taken.get(origin.source, ()) if one.born <= snapshot.born]
        if not older:
            break
        origin = older[-1]
    if origin is snapshot:
        return snapshot
    first = origin.life.at(max(origin.born, DAWN))
    held_to = first.restorable_to if first is not None else None
    life = snapshot.life
    if held_to is not None:
        life = Timeline(
            (span.start, replace(span.value, restorable_to=held_to)) for span in life.spans()
        )
    return replace(
        snapshot,
        database=snapshot.database or origin.database,
        key=snapshot.key or origin.key,
        is_encrypted=origin.is_encrypted
        if snapshot.is_encrypted is None
        else snapshot.is_encrypted,
        life=life,
    )


def _is_ended(snapshot: Snapshot) -> bool:
    last = snapshot.life.last
    return last is not None and last.is_gone


def _found(
    arn: str,
    event: SnapshotCreated | SnapshotCopied | SnapshotDeleted,
    at: Moment,
    by: Evidence | None,
) -> Snapshot:
    kind = Kind.SNAPSHOT_COPY if isinstance(event, SnapshotCopied) else Kind.SNAPSHOT
    if "snapshot:awsbackup:" in arn:
        kind = Kind.RECOVERY_POINT
    held_to = at if at != DAWN else event.seen.created
    life = Life(
        kind=kind,
        since=Known.exactly(at),
        cause=by,
        restorable_to=held_to,
    )
    return Snapshot(
        arn=arn,
        database=event.seen.database_id,
        key=event.seen.key,
        is_encrypted=event.seen.is_encrypted,
        source=event.source if isinstance(event, SnapshotCopied) else None,
        life=Timeline([(at, life)]),
    )


def _deleted(snapshot: Snapshot, by: Evidence) -> Snapshot:
    last = snapshot.life.last
    if last is None:
        return snapshot
    changes = [(span.start, span.value) for span in snapshot.life.spans()]
    return replace(snapshot, life=Timeline([*changes, (by.time, gone_by(last, by))]))
