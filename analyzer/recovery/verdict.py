"""The verdict: whether a database's data can still be had, judged over all its copies.

The words are defined in the contract (`explain`); the first that fits counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from analyzer.evidence import Evidence, in_order
from analyzer.frozen import Frozen, replace
from analyzer.grounds import Ground
from analyzer.moment import Moment
from analyzer.recovery.copies import LOST, Condition, Copy, CopyState, Kind
from analyzer.recovery.database import STOPPED, STOPPING, DatabaseState
from analyzer.recovery.held import Held
from analyzer.resources.kms_key.state import KeyState
from analyzer.timeline import Basis, Known, Timeline


class Verdict(StrEnum):
    """The recoverability of one database."""

    HEALTHY = "healthy"
    AT_RISK = "at-risk"
    RECOVERABLE = "recoverable"
    WITH_ACTION = "recoverable-with-action"
    UNRECOVERABLE = "unrecoverable"
    UNKNOWN = "unknown"


_FOLLOWING = frozenset({Kind.REPLICA, Kind.GLOBAL_SECONDARY})
"""Copies that are as new as the live database while `restorable_to` is None."""

_LIVE = _FOLLOWING | {Kind.VOLUME}

_OF_A_MOMENT = frozenset(
    {Kind.SNAPSHOT, Kind.SNAPSHOT_COPY, Kind.FINAL_SNAPSHOT, Kind.RECOVERY_POINT}
)
"""Copies whose record says as of when they hold the data."""


class Unseen(StrEnum):
    """What a ledger may hold that is missing."""

    RECORDS = "records"
    """Records of the database itself."""
    KEY = "key"
    """Records of the key under its storage."""
    COPY = "copy"
    """A copy of its data, or records of one."""


class Lack(Frozen, frozen=True, kw_only=True):
    """A shard of a fleet that is lost and bears on a verdict.

    Attributes:
        shard: its name.
        may_hold: what of the database it may tell of.
    """

    shard: str
    may_hold: tuple[Unseen, ...]


class Doubt(Frozen, frozen=True, kw_only=True):
    """That a verdict could be another if shards were there that are lost.

    Attributes:
        seen: the verdict by what is seen.
        unrecoverable: since when all is lost, by what is seen; None where something is left.
        could_be: the verdicts that it could be instead.
        lacks: what is missing.
    """

    seen: Verdict
    unrecoverable: Known | None
    could_be: tuple[Verdict, ...]
    lacks: tuple[Lack, ...]


class Judgement(Frozen, frozen=True, kw_only=True):
    """A verdict and its reasons.

    Attributes:
        verdict: the word.
        unrecoverable: since when nothing brings the data back, None while something does.
        cause: the record that did it; while nothing is lost, the one that took away access.
        root: the accountable call behind `cause`.
        chain: the whole path, in time order.
        until: last documented moment at which an action still saves (or saved) the data; None where
            some copy has no limit or there never was one to save.
        lost_data: microseconds between the newest surviving copy and the loss of the live database.
        lost_data_basis: `derived` where that copy holds a recorded moment, `bounded` where what it
            holds ends at a moment that nobody recorded, as with anything that follows or is backed
            up all the time.
        doubt: what could make it another verdict; None where nothing that is known to be missing
            could.
    """

    verdict: Verdict
    unrecoverable: Known | None = None
    cause: Evidence | None = None
    root: Evidence | None = None
    chain: tuple[Evidence, ...] = ()
    until: Moment | None = None
    lost_data: int | None = None
    lost_data_basis: Basis | None = None
    doubt: Doubt | None = None

    @property
    def seen(self) -> Verdict:
        """The verdict by what is seen, whatever may be missing."""
        return self.verdict if self.doubt is None else self.doubt.seen

    @property
    def seen_unrecoverable(self) -> Known | None:
        """Since when nothing brings the data back, by what is seen."""
        return self.unrecoverable if self.doubt is None else self.doubt.unrecoverable


def word(database: DatabaseState, copies: Iterable[CopyState]) -> Verdict:
    """Return the verdict for one moment from the database's state and all copies made so far."""
    return _word(database, {copy.condition for copy in copies if copy.kind is not Kind.EXPORT})


def _word(database: DatabaseState, conditions: Collection[Condition]) -> Verdict:
    if conditions and LOST.issuperset(conditions):
        return Verdict.UNRECOVERABLE
    serves = database.is_reachable
    has_key = database.access is True and not is_doubted(database)
    if (serves or database.status in {STOPPED, STOPPING}) and has_key:
        return Verdict.HEALTHY
    if serves and (database.access is False or is_doubted(database)):
        return Verdict.AT_RISK
    if serves:
        return Verdict.UNKNOWN
    if Condition.USABLE in conditions:
        return Verdict.RECOVERABLE
    return Verdict.WITH_ACTION if Condition.LATENT in conditions else Verdict.UNKNOWN


def is_doubted(database: DatabaseState) -> bool:
    """Whether access is lost or in doubt although the key itself is usable."""
    loss = database.loss
    return loss is not None and (loss.is_unexplained or loss.is_of_grant)


def judge(
    database: Timeline[DatabaseState],
    copies: Sequence[Copy],
    key: Timeline[KeyState] | None,
) -> Timeline[Judgement]:
    """Judge a database at every moment at which anything about it changes.

    Args:
        database: its states.
        copies: every copy that ever existed, the live volume included.
        key: the states of its own key, None where it has none.
    """
    moments = {*database.starts, *(start for copy in copies for start in copy.starts)}
    if key is not None and database:
        moments |= {start for start in key.starts if start >= database.starts[0]}
    changes: list[tuple[Moment, Judgement]] = []
    held = Held(copies)
    for at in sorted(moments):
        state = database.at(at)
        if state is None:
            continue
        held.move_to(at)
        last = changes[-1][1] if changes else None
        verdict = _word(state, held.conditions)
        if verdict is not Verdict.UNRECOVERABLE:
            judgement = _judged(verdict, state, held, key.at(at) if key is not None else None)
        elif last is not None and last.unrecoverable is not None:
            judgement = replace(last, unrecoverable=_bounded(last.unrecoverable, _at(copies, at)))
        else:
            judgement = _lost(at, _at(copies, at), _at(copies, at - 1))
        if judgement != last:
            changes.append((at, judgement))
    return Timeline(changes)


def _at(copies: Sequence[Copy], at: Moment) -> tuple[CopyState, ...]:
    return tuple(found for copy in copies if (found := copy.at(at)) is not None)


def _judged(verdict: Verdict, state: DatabaseState, held: Held, key: KeyState | None) -> Judgement:
    chain = _loss_chain(state, key)
    root = state.loss.root if state.loss is not None else None
    cause = state.loss.trail[0] if state.loss is not None and state.loss.trail else root
    if verdict is Verdict.HEALTHY or (verdict is Verdict.UNKNOWN and state.loss is None):
        root = cause = None
        chain = ()
    elif cause is None:
        cause = root = state.deleted_by
        chain = in_order(cause)
    lost_data, lost_data_basis = _lost_data(state, held)
    return Judgement(
        verdict=verdict,
        cause=cause,
        root=root,
        chain=chain,
        until=None if held.is_endless else _until(held.living),
        lost_data=lost_data,
        lost_data_basis=lost_data_basis,
    )


def _lost(at: Moment, held: tuple[CopyState, ...], before: Sequence[CopyState]) -> Judgement:
    """Tell how the last copy went: the copies that were lost latest decide.

    Args:
        at: when everything is lost for the first time.
        held: all copies at that moment.
        before: all copies just before it.
    """
    counting = [copy for copy in held if copy.kind is not Kind.EXPORT]
    final = max(
        counting, key=lambda copy: (copy.since.at, copy.condition is Condition.DEAD, copy.id)
    )
    known = final.since
    if known.basis is Basis.OBSERVED and known.at != at:
        known = Known.exactly(at, Basis.DERIVED, Ground.LAST_COPY)
    everything = (evidence for copy in counting for evidence in copy.trail)
    ended = {copy.id: copy for copy in held}
    return Judgement(
        verdict=Verdict.UNRECOVERABLE,
        unrecoverable=_bounded(known, held),
        cause=final.cause,
        root=final.root or final.cause,
        chain=in_order(*everything, final.root, final.cause),
        until=_until(tuple(_in_hindsight(copy, ended.get(copy.id)) for copy in before)),
    )


def _bounded(known: Known, held: tuple[CopyState, ...]) -> Known:
    """Bound the moment of the whole loss by all copies: any of them may have lasted longer."""
    losses = [copy.lost for copy in held if copy.kind is not Kind.EXPORT and copy.lost is not None]
    longest = max(losses, key=_until_when)
    if _until_when(longest) <= known.at:
        return Known.exactly(known.at, known.basis, known.ground)
    of_last = [loss for loss in losses if loss.at == known.at]
    is_of_last = any(_until_when(loss) == _until_when(longest) for loss in of_last)
    why = known if is_of_last else longest
    return replace(known, basis=why.basis, latest=longest.latest, ground=why.ground)


def _until_when(known: Known) -> float:
    return float("inf") if known.latest is None else known.latest


def _in_hindsight(copy: CopyState, then: CopyState | None) -> CopyState:
    """Give a volume that became terminal then that moment as its limit: no clock had told it."""
    if copy.kind not in _LIVE or then is None or then.condition is not Condition.GONE:
        return copy
    limits = [limit for limit in (copy.limit, then.limit) if limit is not None]
    return replace(copy, limit=min(limits, default=None))


def _loss_chain(state: DatabaseState, key: KeyState | None) -> tuple[Evidence, ...]:
    lost = key.lost if key is not None else ()
    if state.loss is None:
        return ()
    return in_order(state.loss.root, *state.loss.trail, *lost, *state.path)


def _until(held: Iterable[CopyState]) -> Moment | None:
    """Return the latest, over all copies that are left, of each copy's own earliest limit."""
    left = [copy for copy in held if not copy.condition.is_lost and copy.kind is not Kind.EXPORT]
    limits = [copy.limit for copy in left]
    known = [limit for limit in limits if limit is not None]
    return max(known) if known and len(known) == len(limits) else None


def _lost_data(state: DatabaseState, held: Held) -> tuple[int | None, Basis | None]:
    """Return the age of the newest copy left, at the moment the live database ceased to serve."""
    volume = held.volume
    if volume is None or not volume.condition.is_lost:
        return None, None
    left = held.living
    gone_at = volume.since.at
    if state.unreachable_at is not None:
        gone_at = min(gone_at, state.unreachable_at)
    if any(copy.kind in _FOLLOWING and copy.restorable_to is None for copy in left):
        return 0, Basis.BOUNDED
    dated = [(copy.restorable_to, copy.kind in _OF_A_MOMENT) for copy in left if copy.restorable_to]
    if not dated:
        return None, None
    newest, is_recorded = max(dated)
    return max(0, gone_at - newest), Basis.DERIVED if is_recorded else Basis.BOUNDED
