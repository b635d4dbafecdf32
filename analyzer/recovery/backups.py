"""The lives of what follows from the instance itself: its volume and its automated backups.

Source:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html:
backups go with their instance by default, are deleted at once when retention becomes 0, and when
they are retained live for the retention in force at deletion. What retention does while an instance
is stopped or inaccessible is not documented, so nothing expires by time alone while the instance
exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from analyzer.evidence import in_order
from analyzer.frozen import replace
from analyzer.grounds import Ground
from analyzer.moment import DAY, Moment
from analyzer.recovery.clocks import INACCESSIBLE_TO_TERMINAL
from analyzer.recovery.copies import Kind, Life, gone_by
from analyzer.recovery.database import DELETED, FAILED, RECOVERABLE, TERMINAL, DatabaseState
from analyzer.resource import Fact
from analyzer.timeline import Basis, Known, Timeline


def volume_life(database: Timeline[DatabaseState]) -> Timeline[Life]:
    """Return the life of the live storage: it ends with the terminal status or the deletion."""
    changes: list[tuple[Moment, Life]] = []
    for span in database.spans():
        state = span.value
        if changes and changes[-1][1].is_gone:
            if state.status == DELETED:
                changes.append((span.start, _gone_by_then(changes[-1][1], span.start)))
                break
            continue
        since = changes[0][1].since if changes else Known.exactly(span.start)
        life = Life(kind=Kind.VOLUME, since=since, cause=state.cause, status=state.status)
        if state.status in {TERMINAL, DELETED, FAILED}:
            life = _ended(life, state)
        elif state.status == RECOVERABLE:
            limit = state.terminal.at if state.terminal is not None else None
            life = replace(life, limit=limit, restorable_to=state.unreachable_at)
        elif state.enters is not None and state.traits.can_stop:
            life = replace(life, limit=state.enters.at + INACCESSIBLE_TO_TERMINAL)
        elif state.enters is not None:
            life = replace(life, limit=state.enters.at)
        changes.append((span.start, life))
    return Timeline(changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How a database follows another one: as what, since when, until when, and with which halts.

    `leads` tells when it is the one that writes, although it is counted as the other one's copy.
    """

    kind: Kind
    joined: Moment
    left: Moment | None
    halts: Timeline[bool] = field(default_factory=lambda: Timeline(()))
    leads: Timeline[bool] = field(default_factory=lambda: Timeline(()))


def replica_life(
    replica: Timeline[DatabaseState], source: Timeline[DatabaseState], how: Following
) -> Timeline[Life]:
    """Return the life of a read replica, or another member of a global database, as a copy.

    It holds what the source held until the source ceased to serve, replication stopped or the
    replica left it; before that its data is as new as the live database's, and `restorable_to` is
    None. Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html.
    """
    own = volume_life(replica)
    changing = {how.joined, how.joined if how.left is None else how.left}
    moments = {*changing, *own.starts, *source.starts, *how.halts.starts, *how.leads.starts}
    changes: list[tuple[Moment, Life]] = []
    for at in sorted(moment for moment in moments if moment >= how.joined):
        life, there = own.at(at), source.at(at)
        if life is None:
            continue
        has_left = how.left is not None and how.left <= at
        ends = [
            how.left if has_left else None,
            there.unreachable_at if there is not None else None,
            _halted_since(how.halts, at if how.left is None else min(at, how.left)),
        ]
        held_to = min((end for end in ends if end is not None), default=None)
        leads = how.leads.at(at) is True and not has_left
        copied = replace(life, kind=how.kind, restorable_to=held_to)
        changes.append((at, replace(copied, follows=not has_left, leads=leads)))
    return Timeline(changes)


def _halted_since(halts: Timeline[bool], at: Moment) -> Moment | None:
    """Return since when replication has stopped at a moment; None while it goes on."""
    since: Moment | None = None
    for span in halts.spans(at):
        since = (since or span.start) if span.value else None
    return since


def _gone_by_then(life: Life, at: Moment) -> Life:
    """Return a volume that was given up at an unknown moment, at the latest at its deletion."""
    latest = life.since.latest
    return replace(
        life, since=replace(life.since, latest=at if latest is None else min(latest, at))
    )


def _ended(life: Life, state: DatabaseState) -> Life:
    loss = state.loss
    if state.status != TERMINAL or loss is None:
        by = state.deleted_by or state.cause
        since = state.since or life.since
        return replace(life, is_gone=True, since=since, cause=by, root=by, trail=in_order(by))
    since = state.terminal or state.since or life.since
    return replace(
        life,
        is_gone=True,
        since=since,
        cause=state.cause,
        root=loss.root,
        trail=in_order(loss.root, *loss.trail, *state.path, state.cause),
        restorable_to=state.unreachable_at,
        limit=since.at,
    )


def backup_life(
    database: Timeline[DatabaseState], deletions: Sequence[Fact]
) -> Timeline[Life] | None:
    """Return the life of the automated backups, or None where there never were any.

    Args:
        database: the instance's states.
        deletions: successful deletions of the automated backups of this database.
    """
    changes: list[tuple[Moment, Life]] = []
    for span in database.spans():
        life = _backup(span.start, span.value, changes[-1][1] if changes else None)
        if life is not None and (not changes or changes[-1][1] != life):
            changes.append((span.start, life))
    if not changes:
        return None
    changes = _with_expiry(changes)
    for fact in sorted(deletions, key=lambda one: one.evidence.order):
        held = Timeline(changes).at(fact.evidence.time)
        if held is not None and not held.is_gone:
            end = gone_by(held, fact.evidence)
            kept = [change for change in changes if change[0] < fact.evidence.time]
            changes = [*kept, (fact.evidence.time, end)]
    return Timeline(changes)


def _backup(at: Moment, state: DatabaseState, last: Life | None) -> Life | None:
    is_alive = last is not None and not last.is_gone
    by = state.deleted_by
    if by is not None:
        if last is None or not is_alive:
            return last
        if not state.keeps_backups:
            return gone_by(last, by)
        days = state.traits.retention_days
        return replace(
            last,
            kind=Kind.RETAINED_BACKUP,
            cause=by,
            root=by,
            trail=in_order(by),
            restorable_to=state.traits.latest_restorable or by.time,
            expires=None if days is None else by.time + days * DAY,
        )
    if not state.traits.has_backups:
        by = state.retention_cause
        return gone_by(last, by) if last is not None and is_alive and by is not None else last
    lost_at = state.loss.at.at if state.loss is not None else None
    restorable_to = state.traits.latest_restorable
    return Life(
        kind=Kind.AUTOMATED_BACKUP,
        since=last.since if last is not None and is_alive else Known.exactly(at),
        cause=last.cause if last is not None and is_alive else state.cause,
        restorable_to=lost_at if restorable_to is None else restorable_to,
    )


def _with_expiry(changes: list[tuple[Moment, Life]]) -> list[tuple[Moment, Life]]:
    at, last = changes[-1]
    if last.expires is None or last.is_gone:
        return changes
    known = Known.exactly(max(at, last.expires), Basis.DERIVED, Ground.RETENTION)
    return [*changes, (known.at, replace(last, is_gone=True, since=known))]
