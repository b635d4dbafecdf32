"""The lives of copies that lie elsewhere: backups replicated to another Region, exports in S3.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html (kept for
their own retention once their source or the replication ends), .../USER_ExportSnapshot.html.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from analyzer.evidence import Evidence, in_order
from analyzer.frozen import Frozen, replace
from analyzer.grounds import Ground
from analyzer.moment import DAY, Moment
from analyzer.recovery.copies import Kind, Life, gone_by
from analyzer.recovery.database import DatabaseState
from analyzer.resource import Fact
from analyzer.resources.rds_backup import (
    BackupDeleted,
    ExportCancelled,
    ExportStarted,
    ReplicationStarted,
    ReplicationStopped,
)
from analyzer.timeline import Basis, Known, Timeline


class Distant(Frozen, frozen=True, kw_only=True):
    """A copy elsewhere: how it is named, its key, its life, and how many were made before."""

    id: str
    key: str | None
    life: Timeline[Life]
    place: int = 0


def replicated_backups(facts: Sequence[Fact], source: Timeline[DatabaseState]) -> Iterator[Distant]:
    """Yield the replicated backups of a database.

    Args:
        facts: its facts, in order; failed ones are passed over.
        source: its states.
    """
    succeeded = [fact for fact in facts if not fact.has_failed]
    for fact in succeeded:
        if isinstance(fact.event, ReplicationStarted):
            life = _replicated(fact, fact.event, succeeded, source)
            yield Distant(id=fact.event.backup, key=fact.event.key, life=life)


def exports(facts: Iterable[Fact]) -> dict[str, list[Distant]]:
    """Return all exports by the ARN of what was exported: of a database or of a snapshot.

    Args:
        facts: about exports, in order; failed ones are passed over.
    """
    found: dict[str, list[Distant]] = defaultdict(list)
    succeeded = [fact for fact in facts if not fact.has_failed]
    ends = _ends_of_exports(succeeded)
    for place, fact in enumerate(succeeded):
        event, by = fact.event, fact.evidence
        if not isinstance(event, ExportStarted):
            continue
        life = Life(kind=Kind.EXPORT, since=Known.exactly(by.time), cause=by, restorable_to=by.time)
        changes = [(by.time, life)]
        end = ends.get(by.entry)
        if end is not None:
            changes.append((end.time, gone_by(life, end)))
        lived = Timeline(changes)
        one = Distant(id=f"export:{event.task}", key=event.key, life=lived, place=place)
        found[event.source].append(one)
    return dict(found)


def _ends_of_exports(facts: Iterable[Fact]) -> dict[int, Evidence]:
    """Return, by the entry that started it, what ended each export before it was complete."""
    ends: dict[int, Evidence] = {}
    by_task: dict[str, dict[int, ExportStarted]] = defaultdict(dict)
    by_source: dict[str, dict[int, ExportStarted]] = defaultdict(dict)
    for fact in facts:
        event, by = fact.event, fact.evidence
        if isinstance(event, ExportStarted):
            by_task[event.task][by.entry] = by_source[event.source][by.entry] = event
            continue
        is_cancelled = isinstance(event, ExportCancelled)
        running = by_task[event.task] if is_cancelled else by_source[event.source]
        for entry, started in list(running.items())[:1]:
            del by_task[started.task][entry], by_source[started.source][entry]
            if is_cancelled or not event.is_complete:
                ends[entry] = by
    return ends


def _replicated(
    started: Fact,
    event: ReplicationStarted,
    facts: Sequence[Fact],
    source: Timeline[DatabaseState],
) -> Timeline[Life]:
    born = started.evidence.time
    life = Life(kind=Kind.REPLICATED_BACKUP, since=Known.exactly(born), cause=started.evidence)
    changes = [(born, life)]
    ended = _end_of_replication(event, facts, source, born)
    for span in source.spans():
        lost_at = span.value.loss.at.at if span.value.loss is not None else None
        if span.start > born and (ended is None or span.start < ended.time):
            changes.append((span.start, replace(life, restorable_to=lost_at)))
    if ended is not None:
        held_to = changes[-1][1].restorable_to or ended.time
        by = in_order(ended)
        held = replace(life, restorable_to=held_to, cause=ended, root=ended, trail=by)
        changes.append((ended.time, _expiring(held, ended.time, event.retention_days)))
        if changes[-1][1].expires is not None:
            expires = changes[-1][1].expires
            known = Known.exactly(expires, Basis.DERIVED, Ground.RETENTION)
            changes.append((expires, replace(changes[-1][1], is_gone=True, since=known)))
    return Timeline(_with_deletion(changes, event, facts, born))


def _end_of_replication(
    event: ReplicationStarted,
    facts: Sequence[Fact],
    source: Timeline[DatabaseState],
    born: Moment,
) -> Evidence | None:
    """Return what ended the replication: it was stopped, or its source deleted."""
    region = event.backup.split(":")[3] if event.backup.startswith("arn:") else ""
    ends = [
        fact.evidence
        for fact in facts
        if isinstance(fact.event, ReplicationStopped)
        and fact.event.region in {region, event.backup.split(":")[1]}
        and fact.evidence.time >= born
    ]
    deleted = source.last.deleted_by if source.last is not None else None
    if deleted is not None and deleted.time >= born:
        ends.append(deleted)
    return min(ends, key=lambda one: one.order, default=None)


def _expiring(life: Life, ended: Moment, days: int | None) -> Life:
    return life if days is None else replace(life, expires=ended + days * DAY)


def _with_deletion(
    changes: list[tuple[Moment, Life]],
    event: ReplicationStarted,
    facts: Sequence[Fact],
    born: Moment,
) -> list[tuple[Moment, Life]]:
    for fact in facts:
        named = isinstance(fact.event, BackupDeleted) and fact.event.backup == event.backup
        if named and fact.evidence.time >= born:
            kept = [change for change in changes if change[0] < fact.evidence.time]
            if kept[-1][1].is_gone:
                return changes
            return [*kept, (fact.evidence.time, gone_by(kept[-1][1], fact.evidence))]
    return changes
