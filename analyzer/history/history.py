"""History: all facts of a ledger, grouped by resource, and the timelines that follow from them.

Timelines are made when they are asked for and kept. Every answer depends only on the set of facts,
never on their order; a resource depends on its own facts and on those of the keys under it, so that
parts of a history can be replayed apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from analyzer.digests.unvouched import Unvouched
from analyzer.history.gaps import Gap, gaps_of
from analyzer.history.groups import Groups
from analyzer.history.holdings import Holdings
from analyzer.history.lineage import Descent, descents
from analyzer.history.names import Names
from analyzer.history.relatives import (
    MULTI_REGION,
    among_relatives,
    relatives_of,
    with_relatives,
)
from analyzer.history.replay import replay_key
from analyzer.history.signs import addresses, arn_of
from analyzer.history.unrest import Unrest, unrest_of
from analyzer.latest import Latest
from analyzer.moment import Moment
from analyzer.recovery.access import access_changes
from analyzer.recovery.clocks import Silence, never
from analyzer.recovery.copies import Copy
from analyzer.recovery.database import DatabaseState, Input
from analyzer.recovery.doubt import Doubted, lacks_of, uncertain
from analyzer.recovery.rules import Rulebook, in_force
from analyzer.recovery.snapshots import (
    Snapshot,
    add_final_snapshot,
    by_database,
    cancelled,
    snapshots_of,
)
from analyzer.recovery.status import follow
from analyzer.recovery.verdict import Judgement, judge
from analyzer.resource import Fact, Oddity
from analyzer.resources.kms_key.state import KeyState
from analyzer.resources.rds_database.events import (
    DatabaseDeleted,
    DatabaseEvent,
    DeploymentMove,
    GlobalMove,
)
from analyzer.resources.rds_notice import DatabaseNotified
from analyzer.resources.rds_snapshot import (
    SnapshotCreated,
)
from analyzer.resources.trail import LoggingStopped, SelectorsPut
from analyzer.timeline import Timeline
from analyzer.wording import account_of


class History:
    """Facts and what follows from them."""

    def __init__(
        self,
        facts: Iterable[Fact],
        rulebook: Rulebook = in_force,
        unvouched: tuple[Unvouched, ...] = (),
    ) -> None:
        """Take what is known; nothing is replayed yet.

        Args:
            facts: of all records.
            rulebook: which era's rules judge a loss.
            unvouched: stretches for which digest files do not vouch.
        """
        self.rulebook = rulebook
        self.unvouched = unvouched
        self._lost_shards = tuple(one for one in unvouched if one.shard is not None)
        self.groups = Groups(facts)
        self._keys: dict[str, Timeline[KeyState]] = {}
        self._replayed: dict[str, tuple[Timeline[KeyState], tuple[Oddity, ...]]] = {}
        self._databases: dict[str, Timeline[DatabaseState]] = {}
        self._copies: dict[str, tuple[Copy, ...]] = {}
        self._judgements: dict[str, Timeline[Judgement]] = {}
        self._past: Latest[Moment, History] = Latest(2)

    def extended(self, facts: Iterable[Fact]) -> History:
        """Return the history that also knows *facts*; equal to one built from all at once."""
        return History((*self.groups.facts, *facts), self.rulebook, self.unvouched)

    def key(self, arn: str) -> Timeline[KeyState]:
        """Return the states of a key; of one that no record names, Unknown."""
        if arn not in self._keys:
            self._keys[arn] = with_relatives(
                self._alone(arn)[0], [self._alone(other)[0] for other in self.relatives(arn)]
            )
        return self._keys[arn]

    def _alone(self, arn: str) -> tuple[Timeline[KeyState], tuple[Oddity, ...]]:
        if arn not in self._replayed:
            facts = among_relatives(arn, self.relatives(arn), self.groups.key_facts)
            self._replayed[arn] = replay_key(arn, facts)
        return self._replayed[arn]

    def oddities(self, arn: str) -> tuple[Oddity, ...]:
        """Return the records of a key that its state did not allow."""
        return self._alone(arn)[1]

    def key_of(self, identity: str) -> str | None:
        """Return the ARN of the key under a database, None where it has none or none is known."""
        return self.groups.key_of(identity)

    def database(self, identity: str) -> Timeline[DatabaseState]:
        """Return the states of a database."""
        if identity not in self._databases:
            self._databases[identity] = follow(
                *self._inputs(identity), self.rulebook, self._silence(identity)
            )
        return self._databases[identity]

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Stretches in which the evidence is silent."""
        begin = self.groups.of(LoggingStopped, SelectorsPut)
        return gaps_of(self.groups.facts) if begin else ()

    def gaps_about(self, arn: str) -> tuple[Gap, ...]:
        """Return the gaps in the evidence of the account to which a resource belongs."""
        account = (arn.split(":") + [""] * 5)[4]
        return tuple(gap for gap in self.gaps if gap.account == account)

    def unvouched_about(self, arn: str) -> tuple[Unvouched, ...]:
        """Return the stretches of a resource's account and Region for which nothing vouches."""
        return tuple(one for one in self.unvouched if one.concerns(arn))

    def _silence(self, identity: str) -> Silence:
        if not self.gaps and not self.unvouched:
            return never
        arn = arn_of(identity, self.groups.database_facts.get(identity, ()))
        # A replica that stops a clock, or speeds it up, is recorded in its own Region.
        kin = (one for one in self._lost_shards if one.account == account_of(arn))
        gaps: tuple[Gap | Unvouched, ...] = (
            *self.gaps_about(arn), *self.unvouched_about(arn), *kin
        )  # fmt: skip
        return lambda start, end: any(gap.overlaps(start, end) for gap in gaps)

    def _inputs(self, identity: str) -> tuple[str, list[Input]]:
        facts = [
            fact for fact in self.groups.database_facts.get(identity, ()) if not fact.has_failed
        ]
        moving = [
            Input(at=fact.evidence.time, said=fact.event, evidence=fact.evidence)
            for fact in facts
            if isinstance(
                fact.event,
                DatabaseEvent | DatabaseNotified | SnapshotCreated | GlobalMove | DeploymentMove,
            )
        ]
        key = self.groups.key_of(identity)
        changes = access_changes(self.key(key)) if key is not None else ()
        moving += [Input(at=change.at, change=change) for change in changes]
        moving += self.groups.replications.moves.get(identity, ())
        moving += self.groups.grant_moves.get(identity, ())
        return arn_of(identity, self.groups.database_facts.get(identity, ())), moving

    def copies(self, identity: str) -> tuple[Copy, ...]:
        """Return every copy of a database's data, the live volume first, then by age.

        What a shard may tell otherwise that is lost has an unknown condition.
        """
        seen = self._seen_copies(identity)
        if not self._lost_shards:
            return seen
        return tuple(uncertain(one, self._lost_shards) for one in seen)

    def _seen_copies(self, identity: str) -> tuple[Copy, ...]:
        if identity not in self._copies:
            kept = Holdings(
                groups=self.groups, database=self.database, key=self.key, snapshots=self.snapshots
            )
            self._copies[identity] = tuple(kept.of(identity))
        return self._copies[identity]

    def judgements(self, identity: str) -> Timeline[Judgement]:
        """Return the verdicts on a database through time."""
        if identity not in self._judgements:
            arn = self.groups.key_of(identity)
            seen = judge(
                self.database(identity),
                self._seen_copies(identity),
                self.key(arn) if arn is not None else None,
            )
            is_whole = not self._lost_shards
            self._judgements[identity] = seen if is_whole else self._doubted(identity).judged(seen)
        return self._judgements[identity]

    def _doubted(self, identity: str) -> Doubted:
        database, copies = self.database(identity), self._seen_copies(identity)
        arn = arn_of(identity, self.groups.database_facts.get(identity, ()))
        snapshots = {state.id for one in copies for state in one.values}
        sharers = (self.groups.sharers.get(one, frozenset()) for one in snapshots)
        lacks = lacks_of(
            arn,
            self.groups.key_of(identity),
            copies,
            frozenset().union(*sharers),
            self._lost_shards,
        )
        return Doubted(database=database, copies=self.copies(identity), lacks=lacks)

    @cached_property
    def snapshots(self) -> dict[str, list[Snapshot]]:
        """Snapshots by the database whose data they hold, found through their lineage."""
        taken: dict[str, list[Snapshot]] = {}
        for arn, facts in self.groups.snapshot_facts.items():
            taken[arn] = snapshots_of(arn, facts, self.groups.database_of)
        cancelled(taken, self.groups.cancelled_copies)
        for identity, facts in self.groups.database_facts.items():
            if any(
                isinstance(fact.event, DatabaseDeleted) and fact.event.final_snapshot
                for fact in facts
            ):
                state = self.database(identity).last
                if state is not None and state.deleted_by is not None:
                    add_final_snapshot(taken, identity, state, state.deleted_by)
        return by_database(taken)

    @cached_property
    def descents(self) -> list[Descent]:
        """Restores: which database was made from whose data, oldest first."""
        found = descents(self.groups.database_facts, self.groups.identities, self.snapshots)
        return sorted(found, key=lambda one: one.by.order)

    def under(self, rulebook: Rulebook) -> History:
        """Return the same facts judged by other rules."""
        return History(self.groups.facts, rulebook, self.unvouched)

    def until(self, at: Moment) -> History:
        """Return the history as it would stand had nothing happened after *at*."""
        return self._past.get(at, lambda: self._until(at))

    def _until(self, at: Moment) -> History:
        past = (fact for fact in self.groups.facts if fact.evidence.time <= at)
        return History(past, self.rulebook, self.unvouched)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every key that a record names, or that a database or copy lies under, sorted."""
        under = (self.key_of(identity) for identity in self.groups.database_facts)
        copied = {
            snapshot.key
            for held in self.snapshots.values()
            for snapshot in held
            if snapshot.key is not None and ":kms:" in snapshot.key
        }
        return tuple(sorted({*self.groups.key_facts, *filter(None, under), *copied}))

    @cached_property
    def unrest(self) -> Unrest:
        """Which keys and databases something may await at some moment."""
        return unrest_of(self.groups, self.copies, is_doubtful=self.is_doubtful)

    @property
    def is_doubtful(self) -> bool:
        """Whether shards are lost that may tell otherwise."""
        return bool(self._lost_shards)

    @cached_property
    def names(self) -> Names:
        """What every key and database was ever called; a renamed database is replayed for it."""
        return Names(self.groups, self.keys, self._arns)

    def _arns(self, identity: str) -> set[str]:
        facts = self.groups.database_facts[identity]
        named = {arn_of(identity, facts)}
        for fact in facts:
            if isinstance(fact.event, DatabaseEvent) and not fact.has_failed:
                named.update(addresses(fact.event))
        if len(named) == 1:  # it was never renamed, as most of them
            return named
        return {state.traits.arn for state in self.database(identity).values}

    def relatives(self, arn: str) -> list[str]:
        """Return the other Regions' keys of a multi-Region key."""
        if MULTI_REGION not in arn:
            return []
        return relatives_of(arn, self.groups.multi_region.get(arn.rpartition("/")[2], ()))

    @property
    def end(self) -> Moment | None:
        """The newest event time, None where there are no facts."""
        return self.groups.facts[-1].evidence.time if self.groups.facts else None
