"""Notes: what a reader of a verdict must know about how far it reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from analyzer.answers.shape import Scope
from analyzer.evidence import Evidence
from analyzer.history.component import component
from analyzer.history.kinship import lossy_takeovers
from analyzer.moment import Moment, text
from analyzer.place import spelled
from analyzer.recovery.clocks import INACCESSIBLE_TO_TERMINAL, grace, has_clock
from analyzer.recovery.copies import Condition, CopyState, Kind
from analyzer.recovery.database import AVAILABLE, STOPPED, TERMINAL, DatabaseState
from analyzer.recovery.rules import ERAS, always
from analyzer.recovery.verdict import Judgement, Verdict
from analyzer.resources.kms_key.events import KeyStatus
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import DAWN, Basis, Known

_DATABASES: Final = frozenset({Kind.REPLICA, Kind.GLOBAL_SECONDARY})


def notes(
    state: DatabaseState,
    judgement: Judgement,
    copies: Sequence[CopyState],
    key: KeyState | None,
) -> Iterator[str]:
    """Yield the notes that apply, each one sentence or two in plain words."""
    yield from _on_reach(state, judgement, key)
    yield from _on_clocks(state, key)
    yield from _on_copies(state, judgement, copies)


def oddity_notes(scope: Scope, key: str | None) -> Iterator[str]:
    """Yield a note for each record of the key that its state did not allow."""
    for oddity in scope.history.oddities(key) if key is not None else ():
        last = oddity.evidence[-1]
        if last.time <= scope.at:
            yield (
                f"Entry {spelled(last.entry)}: {oddity.detail}. AWS's rules do not allow that, so "
                "a record before it is missing or out of place; what the record says is taken as "
                "it is."
            )


def refusal_notes(refusal: Evidence | None) -> Iterator[str]:
    """Yield a note on the first refusal of a key that no record shows as lost."""
    if refusal is not None:
        yield (
            f"The first use of the key that was refused, and never succeeded since, is entry "
            f"{spelled(refusal.entry)} at {text(refusal.time)} ({refusal.event_name}, "
            f"{refusal.error}): access was lost by then, at a moment that nothing dates."
        )


def gap_notes(scope: Scope, identity: str, state: DatabaseState) -> Iterator[str]:
    """Yield a note for each stretch without evidence that bears on the verdict.

    Once access is lost those since then count; before that those since the last record about the
    database or its key, for nobody knows what went unwritten in them.
    """
    loss = state.loss
    start = loss.at.at if loss is not None else _last_told(scope, identity)
    for gap in scope.history.gaps_about(state.traits.arn):
        if not gap.overlaps(start, scope.at):
            continue
        what = "no KMS events were written" if gap.is_of_kms else "the trail wrote nothing"
        until = "and nothing shows an end" if gap.end is None else f"until {text(gap.end)}"
        meaning = "The verdict holds as far as records tell: a call may be missing."
        if loss is not None:
            meaning = (
                "What follows from clocks across that stretch is inferred: a call that changed it "
                "may be missing."
            )
        yield (
            f"From {text(gap.start)} {what}, {until} ({gap.cause.event_name}, entry "
            f"{spelled(gap.cause.entry)}). {meaning}"
        )


def _last_told(scope: Scope, identity: str) -> Moment:
    """Return the newest moment at which a record speaks of a database or of its key."""
    groups = scope.history.groups
    key = groups.key_of(identity)
    facts = [*groups.database_facts.get(identity, ()), *groups.key_facts.get(key or "", ())]
    return max((one.evidence.time for one in facts if one.evidence.time <= scope.at), default=DAWN)


def switchover_notes(
    scope: Scope, state: DatabaseState, copies: Sequence[CopyState]
) -> Iterator[str]:
    """Yield a note where a blue/green switchover bears on the answer and nothing tells its end."""
    names = {state.traits.arn, *(one.id for one in copies if one.kind is Kind.REPLICA)}
    for one in scope.history.groups.deployments:
        by = one.switched
        involved = {name for blue, green in one.pairs for name in (blue, green, one.old(blue))}
        if by is None or one.is_dated or by.time > scope.at or names.isdisjoint(involved):
            continue
        yield (
            f"No record tells when the switchover of {one.name} ended (call: entry {by.entry}): "
            f"names are taken to have moved at once, which is inferred; it was over by "
            f"{text(by.time + one.timeout)}, unless RDS took it back."
        )


def failover_notes(scope: Scope, identity: str) -> Iterator[str]:
    """Yield a note for each failover of a global database that may have lost the last writes."""
    groups = scope.history.groups
    for one in lossy_takeovers(identity, groups.global_members, groups.global_writers):
        if one.by.time <= scope.at:
            yield (
                f"{one.by.event_name} (entry {one.by.entry}, {text(one.by.time)}) made {one.arn} "
                "the writer and allowed data loss: replication between Regions lags, so what was "
                "written last before it may be missing there, and no record tells how much. RDS "
                "tries to keep the volume of the old writer in a snapshot, "
                "rds:unplanned-global-failover-…, for as long as its backups are kept."
            )


def redaction_notes(scope: Scope, names: Iterable[str | None]) -> Iterator[str]:
    """Yield a note for each erased record that may have spoken of one of *names*."""
    known = frozenset(names)
    for one in scope.redacted:
        if one.may_concern(known, scope.at):
            yield one.note()


def era_notes(scope: Scope, identity: str) -> Iterator[str]:
    """Yield a note for each era whose rules would have judged the loss differently."""
    state = scope.history.database(identity).at(scope.at)
    judged = scope.history.judgements(identity).at(scope.at)
    if state is None or judged is None or (state.loss is None and not judged.chain):
        return
    alone = component(scope.history, identity)
    for rules in ERAS:
        if rules.name == state.rules.name:
            continue
        other = alone.under(always(rules))
        there, verdict = other.database(identity).at(scope.at), other.judgements(identity)
        found = verdict.at(scope.at)
        if there is None or found is None:
            continue
        if (there.status, found.verdict) != (state.status, judged.verdict):
            yield (
                f"By the rules '{rules.name}' ({rules.source}) it would be {there.status} and "
                f"{found.verdict.value} at this moment."
            )


def conflict_notes(scope: Scope, cited: Iterable[Evidence | None]) -> Iterator[str]:
    """Yield a note for each cited record that was delivered again with other content."""
    entries = {one.event_id: one.entry for one in cited if one is not None}
    for event_id, entry in entries.items():
        others = scope.conflicts.get(event_id)
        if others:
            listed = ", ".join(map(spelled, others))
            yield (
                f"Entry {spelled(entry)} was delivered again with other content (entry {listed}); "
                "the verdict rests on what was sealed first."
            )


def _on_reach(state: DatabaseState, judgement: Judgement, key: KeyState | None) -> Iterator[str]:
    if state.traits.is_foreign:
        yield (
            f"The engine is {state.traits.engine}: it logs under RDS, but no document says that "
            "RDS's inaccessible statuses and their clocks apply to it."
        )
    if judgement.seen is Verdict.UNKNOWN and (key is None or key.is_usable is None):
        yield (
            "The state of the key is unknown: no record in this ledger tells of it (another "
            "account's key, or nothing before the ledger begins)."
        )
    elif judgement.seen is Verdict.UNKNOWN:
        yield "No record in this ledger tells the state of the database at this moment."
    if key is not None and key.manager == "AWS":
        yield "The key is managed by AWS: nobody in the account can disable or delete it."


def _on_clocks(state: DatabaseState, key: KeyState | None) -> Iterator[str]:
    if key is not None and key.status is KeyStatus.DELETED and _is_inferred(key):
        yield (
            "No record shows the deletion of the key. It is inferred: the waiting period ran out "
            "and nothing shows a cancellation; KMS deletes within 24 hours after that."
        )
    yield from _on_entry(state)
    if state.loss is not None and state.loss.at.earliest is None:
        yield (
            "RDS reported that it could not use the key, but no record of the key shows why: the "
            "cause may lie outside of CloudTrail (an external key store, another account)."
        )
    if state.loss is not None and state.loss.is_of_grant:
        yield (
            "RDS's grant on the key was withdrawn, and the documents contradict each other: in "
            "2023 the RDS guide counted that as a loss of access, in 2026 it names only the "
            "disabled key."
        )
    if state.status == STOPPED and state.access is False:
        yield (
            "AWS does not document what becomes of a stopped instance whose key is unusable; it "
            "cannot be started until the key is usable again." + _bound_of_stopped(state)
        )


def _on_entry(state: DatabaseState) -> Iterator[str]:
    """Say why the entry into an inaccessible status has no exact moment."""
    since = state.since
    if since is None or state.terminal is None or _is_exact(since):
        return
    if not has_clock(state):
        yield (
            "AWS does not list which changes make the host let go of the volume while backups are "
            "off; that this one did is inferred."
        )
        return
    if state.path and since.basis is Basis.INFERRED:
        return  # RDS dated it; only what came of it lies across a silence
    if grace(state) == 0:
        yield (
            "No RDS event dates the move, and no document names a delay after the loss of access: "
            "the earliest moment is used; it may have been later."
        )
    else:
        yield (
            "No RDS event dates the loss of access. AWS counts two hours from its own detection, "
            "so the earliest documented moment is used; it may have been later."
        )


def _bound_of_stopped(state: DatabaseState) -> str:
    """Say what follows if a stop counts as letting go of the volume: the sources disagree."""
    if state.since is None or state.loss is None:
        return ""
    entered = max(state.since.at, state.loss.at.at)
    return (
        " The documents contradict each other on whether a stop detaches its volume: if it does, "
        f"the instance may have been inaccessible since {text(entered)}, at the earliest, and be "
        f"terminal from {text(entered + INACCESSIBLE_TO_TERMINAL)}, at the earliest."
    )


def _is_exact(known: Known) -> bool:
    return known.basis in {Basis.OBSERVED, Basis.DERIVED}


def _is_inferred(key: KeyState) -> bool:
    return key.since is not None and key.since.basis is Basis.INFERRED


def _on_copies(
    state: DatabaseState, judgement: Judgement, copies: Sequence[CopyState]
) -> Iterator[str]:
    if judgement.seen is Verdict.UNRECOVERABLE and state.is_reachable:
        yield (
            "The host still runs and may still read its volume: dump the data from the live "
            "database now. It is lost as soon as the volume is detached."
        )
    if judgement.seen is Verdict.UNRECOVERABLE and state.traits.replica_source is not None:
        yield (
            f"It was a read replica of {state.traits.replica_source}: what it held is there too, "
            "as far as that one can be reached or restored."
        )
    exported = [copy for copy in copies if copy.kind is Kind.EXPORT and not copy.condition.is_lost]
    if exported and state.status != AVAILABLE:
        named = ", ".join(copy.id for copy in exported)
        yield (
            f"An S3 export exists ({named}): the data survives in it as Parquet files, but it "
            "cannot be restored as a database."
        )
    for copy in copies:
        if copy.kind in _DATABASES and not copy.follows and not copy.condition.is_lost:
            until = "once" if copy.restorable_to is None else f"until {text(copy.restorable_to)}"
            yield (
                f"{copy.id} held the same data {until} and stands by itself since: what was "
                "changed in either after that is only there."
            )
    has_backups = any(
        copy.kind is Kind.AUTOMATED_BACKUP and copy.condition is not Condition.GONE
        for copy in copies
    )
    if has_backups and state.status in {STOPPED, TERMINAL}:
        yield (
            "AWS does not document whether automated backups expire while an instance is stopped "
            "or inaccessible; they are taken to last."
        )
    if has_backups and state.traits.retention_days is None:
        yield "The retention of backups is not on record; AWS's default is that they are on."
    if judgement.cause is not None and judgement.cause.event_name == "DeleteDBInstance":
        yield "AWS Support may be able to recover a deleted instance for as long as six days."
