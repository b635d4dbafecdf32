"""Copies: which there are of a database at a moment, and since when each is lost (section 4.8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.model import clock, facts
from tests.model.aws import TERM
from tests.model.clock import EVER
from tests.model.keys import Key
from tests.model.known import Known
from tests.model.script import DAY, Step


@dataclass(slots=True)
class Loss:
    """When something was lost: between two moments, how that is known, and who answers for it."""

    earliest: int
    latest: int
    basis: str
    root: Step | None


@dataclass(slots=True)
class Copy:
    """A copy of a database's data.

    Attributes:
        gone: when it was deleted or expired, or the volume given up; None while it is not.
        dead: when its key was deleted.
        limits: the moments after which it cannot be saved any more, as far as they are known now.
    """

    kind: str
    key: str
    condition: str
    gone: Loss | None
    dead: Loss | None
    limits: list[int]

    @property
    def is_counted(self) -> bool:
        """Whether a database can be made of it again; of an export none can."""
        return self.kind != "export"

    @property
    def loss(self) -> Loss | None:
        """When it was lost: whichever came first, as far as can be told."""
        both = [one for one in (self.gone, self.dead) if one is not None]
        if not both:
            return None
        first = min(both, key=lambda one: (one.earliest, one.latest))
        return replace(first, latest=min(one.latest for one in both))


@dataclass(slots=True)
class Book:
    """What is known, and of which database copies are looked for, at which moment.

    Attributes:
        has_hindsight: whether a clock's end is taken as it came about, not as it was foreseen.
    """

    known: Known
    db: str
    at: int
    has_hindsight: bool = False

    def copies(self) -> list[Copy]:
        return [self._volume(self.db, "volume"), *self._backups(), *self._snapshots(),
                *self._replicas(), *self._secondaries(), *self._replicated(),
                *self._exports()]  # fmt: skip

    def key_of(self, name: str) -> str:
        """The key under which a database or snapshot was made."""
        return key_asked(self.known, name)

    def _copy(self, kind: str, key: str, gone: Loss | None, limits: list[int]) -> Copy:
        held = self.known.key(key, self.at)
        assert held is not None
        if gone is not None and gone.earliest > self.at:
            gone = None
        family = [held, *self.known.relatives(key, self.at)]
        living = [one for one in family if one.state != "Deleted"]
        dead = None if living else self._death(family)
        ends = [self.known.end(one, self.at) for one in living]
        due = [] if None in ends or not living else [max(one for one in ends if one is not None)]
        condition = "usable" if held.is_usable else "latent"
        if dead is not None:
            condition = "dead"
        if gone is not None:
            condition = "gone"
        return Copy(kind, key, condition, gone, dead, [*limits, *due])

    def _death(self, family: list[Key]) -> Loss:
        """The deletion after which nothing is left to replicate from."""
        deaths = []
        for one in family:
            assert one.deleted is not None
            is_inferred = self.known.is_inferred(one)
            latest = self.known.latest(one) if is_inferred else one.deleted.at
            basis = "inferred" if is_inferred else "observed"
            deaths.append(Loss(one.deleted.at, latest, basis, one.deleted_by))
        return max(deaths, key=lambda one: (one.earliest, one.latest))

    def _volume(self, db: str, kind: str) -> Copy:
        key = self.key_of(db)
        phases = clock.phases(self.known, db, key)
        gone = None
        now = phases[0]
        for phase in phases:
            if phase.at > self.at:
                break
            now = phase
            if gone is None and phase.status == TERM:
                latest = EVER if phase.basis in {"bounded", "inferred"} else phase.at
                gone = Loss(phase.at, latest, phase.basis, phase.root)
            if phase.status == "deleted" and gone is not None:
                gone.latest = min(gone.latest, phase.at)
            elif phase.status == "deleted":
                gone = Loss(phase.at, phase.at, "observed", self._deletion(db))
        end = clock.foreseen(self.known, db, now, self.at)
        if self.has_hindsight:
            end = next((phase.at for phase in phases if phase.status == TERM), end)
        return self._copy(kind, key, gone, [end] if end else [])

    def _deletion(self, db: str) -> Step:
        return next(one for one in self._calls("delete_db_instance", db))

    def _calls(self, verb: str, about: str) -> list[Step]:
        return [
            step
            for step in self.known.script
            if step.deed == verb
            and self.known.is_about(step, about)
            and not step.error
            and step.at <= self.at
        ]

    def _backups(self) -> list[Copy]:
        """The automated backups, or what is retained of them."""
        key, db, at = self.key_of(self.db), self.db, self.at
        changes = [one for one in facts.retentions(self.known, db) if one[0].at <= at]
        if not any(days for _, days in changes):
            return []
        days = changes[-1][1]
        gone = None
        for step in self._calls("delete_db_instance", db):
            if days and step.options.get("delete_automated_backups", True):
                gone = Loss(step.at, step.at, "observed", step)
            elif days:
                return [self._retained(step, days, key)]
        if not days:
            number = max(number for number, (_, kept) in enumerate(changes) if kept)
            off = changes[number + 1][0]
            gone = Loss(off.at, off.at, "observed", off)
        return [self._copy("automated-backup", key, gone, [])]

    def _retained(self, deletion: Step, days: int, key: str) -> Copy:
        end = deletion.at + days * DAY
        gone = Loss(end, end, "derived", deletion)
        for step in self._calls("delete_automated_backup", self.db):
            gone = Loss(step.at, step.at, "observed", step)
        return self._copy("retained-backup", key, gone, [end])

    def _snapshots(self) -> list[Copy]:
        return list(self._named_snapshots().values())

    def _named_snapshots(self) -> dict[str, Copy]:
        """Snapshots of the database, copies of them, and copies of these, by name."""
        found: dict[str, Copy] = {}
        for step in self.known.script:
            if step.error or step.at > self.at:
                continue
            made = {"create_db_snapshot": "snapshot", "copy_db_snapshot": "snapshot-copy"}
            kind, name, source = made.get(step.deed), step.result, step.args[0]
            if step.final_snapshot:
                kind, name = "final-snapshot", step.final_snapshot
            if name is None or kind is None or source not in {self.db, *found}:
                continue
            gone = None
            for deletion in self._calls("delete_db_snapshot", name):
                gone = Loss(deletion.at, deletion.at, "observed", deletion)
            found[name] = self._copy(kind, self.key_of(name), gone, [])
        return found

    def _replicas(self) -> list[Copy]:
        return [
            self._volume(replica, "replica")
            for source, replica, made in (
                *facts.replications(self.known),
                *facts.takeovers(self.known),
            )
            if source == self.db and made <= self.at
        ]

    def _secondaries(self) -> list[Copy]:
        """The other clusters that were in a global database with it at the same time."""
        held = [(name, one) for name, one in facts.memberships(self.known) if one[1] <= self.at]
        return [
            self._volume(other, "global-secondary")
            for name, (own, joined, left) in held
            for name2, (other, joined2, left2) in held
            if own == self.db and other != own and name2 == name
            if left2 is None or left2 > joined
            if left is None or left > joined2
        ]

    def _replicated(self) -> list[Copy]:
        """Backups in another Region: kept for their own time once nothing new comes to them."""
        found = []
        for step in self._calls("replicate_backups", self.db):
            ends = [
                *self._calls("stop_replicating_backups", str(step.result)),
                *(one for one in self._calls("delete_db_instance", self.db) if one.at > step.at),
            ]
            gone, limits = None, []
            if ends:
                end = min(ends, key=lambda one: one.at)
                until = end.at + step.options["days"] * DAY
                gone, limits = Loss(until, until, "derived", end), [until]
            for deletion in self._calls("delete_replicated_backup", str(step.result)):
                gone = Loss(deletion.at, deletion.at, "observed", deletion)
            found.append(self._copy("replicated-backup", str(step.args[1]), gone, limits))
        return found

    def _exports(self) -> list[Copy]:
        """Files in S3: they count for nothing but themselves."""
        own = self._named_snapshots()
        found = []
        for step in self.known.script:
            if step.verb != "start_export_task" or step.error or step.at > self.at:
                continue
            if step.args[0] not in own:
                continue
            gone = None
            for cancelled in self._calls("cancel_export_task", str(step.result)):
                gone = Loss(cancelled.at, cancelled.at, "observed", cancelled)
            found.append(self._copy("export", str(step.args[2]), gone, []))
        return found


def key_asked(known: Known, name: str) -> str:
    """The key that a creation names, else that of what it is made from."""
    step = facts.creation(known, name)
    if step.deed == "create_db_instance":
        return str(step.args[1]) if len(step.args) > 1 else "aws_rds"
    takes_key = {
        "create_read_replica", "copy_db_snapshot", "copy_db_cluster_snapshot",
        "restore_cluster_from_snapshot",
    }  # fmt: skip
    if step.verb in takes_key and len(step.args) > 2:
        return str(step.args[2])
    return key_asked(known, str(step.args[0]))
