"""Doubt: what a verdict may not claim while shards of a fleet are lost.

A record is written in the account and Region in which the call was made. So a lost shard hides what
became of the databases, keys and copies of its own account and Region; and it may hold copies of
data that came from elsewhere: those that its account made in another Region (a copy of a snapshot
is made, and recorded, where it is to lie), those of snapshots that were shared with it, and those
that AWS Backup may make in any account of an organisation. Sources:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html,
https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html.

What is found to be so stands: that data can be had from a copy which is seen needs nothing else.
That data cannot be had, or that a key which is not seen is well, is not to be claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.digests.unvouched import Unvouched
from analyzer.frozen import replace
from analyzer.recovery.copies import Condition, Copy, CopyState, Kind
from analyzer.recovery.database import DatabaseState
from analyzer.recovery.verdict import Doubt, Judgement, Lack, Unseen, Verdict, word
from analyzer.resources.rds_sharing import EVERYBODY
from analyzer.timeline import Basis, Timeline

_WORDS: Final = tuple(one for one in Verdict if one is not Verdict.UNKNOWN)
_OF_ITSELF: Final = frozenset({Unseen.RECORDS, Unseen.KEY})
_MULTI_REGION: Final = ":key/mrk-"
_LIVE: Final = frozenset({Kind.VOLUME, Kind.REPLICA, Kind.GLOBAL_SECONDARY})
_NO_SOURCES: Final = frozenset({Kind.VOLUME, Kind.EXPORT})
"""Of these no copy is made elsewhere: a replica and a copied backup need backups or a snapshot."""


def lacks_of(
    arn: str,
    key: str | None,
    copies: Sequence[Copy],
    sharers: frozenset[str],
    lost: Iterable[Unvouched],
) -> tuple[Lack, ...]:
    """Return which lost shards bear on a database, and by what they may hold.

    Args:
        arn: of the database; its identity where no record tells where it lies.
        key: ARN of the key under its storage; None where it has none or none is known.
        copies: every copy of its data that is known, the volume included.
        sharers: the accounts with which its snapshots were shared, `all` for everybody.
        lost: the shards.
    """
    states = [state for copy in copies for state in copy.values]
    can_travel = any(state.kind not in _NO_SOURCES for state in states)
    goes_anywhere = EVERYBODY in sharers or any(
        state.kind is Kind.RECOVERY_POINT for state in states
    )
    found = []
    for one in lost:
        holds = []
        if one.concerns(arn) or not arn.startswith("arn:"):
            holds.append(Unseen.RECORDS)
        if hides_key(one, key):
            holds.append(Unseen.KEY)
        takes = goes_anywhere or one.account in {"", *_owners(arn, states), *sharers}
        if (can_travel and takes) or any(
            state.kind is not Kind.VOLUME and _hides(one, state) for state in states
        ):
            holds.append(Unseen.COPY)
        if holds:
            found.append(Lack(shard=one.shard or "", may_hold=tuple(holds)))
    return tuple(found)


def _owners(arn: str, states: Iterable[CopyState]) -> Iterator[str]:
    """Yield the accounts in which a database and its copies lie."""
    for name in (arn, *(state.id for state in states)):
        if name.startswith("arn:"):
            yield name.split(":")[4]


def hides_key(one: Unvouched, key: str | None) -> bool:
    """Whether records of a key may be missing; a multi-Region key has relatives elsewhere."""
    if key is None:
        return False
    is_relative = _MULTI_REGION in key and key.split(":")[4] == one.account
    return is_relative or one.concerns(key)


def _hides(one: Unvouched, state: CopyState) -> bool:
    """Whether records of a copy, or of its key, may be missing."""
    return one.concerns(state.id) or hides_key(one, state.key)


def uncertain(copy: Copy, lost: Sequence[Unvouched]) -> Copy:
    """Return a copy with its condition unknown where a lost shard may tell otherwise.

    That it was deleted, or its key, stays so where a record says it.
    """

    def told(state: CopyState) -> CopyState:
        is_final = state.condition.is_lost and state.since.basis is not Basis.INFERRED
        if is_final or not any(_hides(one, state) for one in lost):
            return state
        return replace(state, condition=Condition.UNKNOWN, lost=None)

    return Timeline((span.start, told(span.value)) for span in copy.spans())


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """A database of which shards may tell more that are lost.

    Attributes:
        database: its states.
        copies: every copy, what is not certain as unknown.
        lacks: what is missing.
    """

    database: Timeline[DatabaseState]
    copies: Sequence[Copy]
    lacks: tuple[Lack, ...]

    def judged(self, seen: Timeline[Judgement]) -> Timeline[Judgement]:
        """Return the verdicts that may be given, from those by what is seen."""
        return Timeline(self._changes(seen)) if self.lacks else seen

    def _changes(self, seen: Timeline[Judgement]) -> Iterator[tuple[int, Judgement]]:
        starts = (start for copy in self.copies for start in copy.starts)
        last = None
        for at in sorted({*seen.starts, *self.database.starts, *starts}):
            judgement, state = seen.at(at), self.database.at(at)
            if judgement is None or state is None:
                continue
            held = [found for copy in self.copies if (found := copy.at(at)) is not None]
            told = self._told(judgement, state, held)
            if told != last:
                yield at, told
            last = told

    def _told(
        self, judgement: Judgement, state: DatabaseState, held: Sequence[CopyState]
    ) -> Judgement:
        is_firm = word(state, [_firm(one) for one in held]) is judgement.verdict
        others = self._others(judgement.verdict, state, is_firm=is_firm)
        if not others:
            return judgement
        stays = is_firm and judgement.verdict in {Verdict.RECOVERABLE, Verdict.WITH_ACTION}
        is_lost = judgement.verdict is Verdict.UNRECOVERABLE
        return replace(
            judgement,
            verdict=judgement.verdict if stays else Verdict.UNKNOWN,
            unrecoverable=None,
            until=None if is_lost else judgement.until,
            doubt=Doubt(
                seen=judgement.verdict,
                unrecoverable=judgement.unrecoverable,
                could_be=others,
                lacks=self.lacks,
            ),
        )

    def _others(self, seen: Verdict, state: DatabaseState, *, is_firm: bool) -> tuple[Verdict, ...]:
        """Return which other verdicts the lost shards could lead to."""
        if any(not _OF_ITSELF.isdisjoint(lack.may_hold) for lack in self.lacks):
            return tuple(one for one in _WORDS if one is not seen)
        if state.is_reachable:
            return (Verdict.AT_RISK,) if seen is Verdict.UNRECOVERABLE else ()
        match seen:
            case Verdict.UNRECOVERABLE | Verdict.UNKNOWN:
                return (Verdict.RECOVERABLE, Verdict.WITH_ACTION)
            case Verdict.WITH_ACTION:
                worse = () if is_firm else (Verdict.UNRECOVERABLE,)
                return (Verdict.RECOVERABLE, *worse)
            case Verdict.RECOVERABLE:
                return () if is_firm else (Verdict.WITH_ACTION, Verdict.UNRECOVERABLE)
            case _:
                return ()


def _firm(copy: CopyState) -> CopyState:
    """Return a copy as far as it is sure: what has a replica elsewhere becomes terminal at once.

    See `analyzer.recovery.clocks`; such a replica is made, and recorded, in its own Region.
    """
    may_be_terminal = copy.kind in _LIVE and copy.condition is Condition.LATENT
    return replace(copy, condition=Condition.UNKNOWN) if may_be_terminal else copy
