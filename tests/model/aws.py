"""Account: databases whose hidden clocks run, and what AWS answers to calls on them (section 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tests.model import keys
from tests.model.keys import Key
from tests.model.script import CLUSTER_DEEDS, CLUSTER_EVENTS, DAY, Ref, Script, Step
from tests.model.timers import Timers

NO_KEY: Final = "KMSKeyNotAccessibleFault"
BAD_STATE: Final = "InvalidDBInstanceStateFault"
REC: Final = "inaccessible-encryption-credentials-recoverable"
TERM: Final = "inaccessible-encryption-credentials"
HASTES: Final = (0, 1, 40)
"""Minutes after which Aurora takes a cluster out of service; nothing documents them."""
LATENCIES: Final = (0, 4, 17, 95, 1505)
"""Minutes until RDS detects that it has lost a key; nothing documents them."""


@dataclass(slots=True)
class Db:
    """A database as it really is: `life` tells timers that they were set in another time.

    Attributes:
        kind: `instance`, `aurora` or `multi-az`, the cluster of RDS with three nodes.
        member: an instance of a cluster, of which RDS tells when the cluster's key is lost.
        world: the global database to which a cluster belongs.
    """

    name: str
    key: str
    retention: int
    number: int
    source: str | None = None
    status: str = "available"
    is_multi_az_sql_server: bool = False
    is_lost: bool = False
    is_detected: bool = False
    terminal_at: int | None = None
    retained_until: int = 0
    is_named_again: bool = False
    life: int = 0
    kind: str = "instance"
    member: str | None = None
    world: str | None = None

    @property
    def is_cluster(self) -> bool:
        return self.kind != "instance"

    def verb(self, deed: str) -> str:
        """How the simulator spells what is done to an instance, done to this database."""
        if self.kind == "multi-az" and deed == "reboot_db_instance":
            return "reboot_db_cluster"
        return CLUSTER_DEEDS[deed] if self.is_cluster else deed


@dataclass(slots=True)
class Snap:
    """A snapshot of the database `of`."""

    name: str
    key: str
    of: Db
    is_here: bool = True


@dataclass(slots=True)
class Deployment:
    """A blue/green deployment; before the switchover no record is about its green database."""

    name: str
    blue: Db
    is_switched: bool = False
    is_here: bool = True


@dataclass(slots=True)
class Replicated:
    """Backups that are replicated to another Region; once that has ended they expire."""

    name: str
    db: str
    days: int
    is_active: bool = True
    until: int = 0

    def end(self, at: int) -> None:
        if self.is_active:
            self.is_active, self.until = False, at + self.days * DAY


@dataclass(slots=True)
class Account:
    """Everything that is there, and the script of what the records tell of it.

    Attributes:
        luck: what AWS does of its own accord after the present call; 0 is the plainest.
        exports: names of S3 exports, and whether each still runs.
        dated: keys and the dates after which they are deleted.
        truth: (time, database, status) of each status that a database has really entered.
        key_truth: (time, key) of each key that was really deleted.
    """

    script: Script = field(default_factory=list)
    keys: dict[str, Key] = field(default_factory=dict)
    dbs: dict[str, Db] = field(default_factory=dict)
    snaps: dict[str, Snap] = field(default_factory=dict)
    replications: dict[str, Replicated] = field(default_factory=dict)
    exports: dict[str, bool] = field(default_factory=dict)
    deployments: list[Deployment] = field(default_factory=list)
    timers: Timers = field(default_factory=Timers)
    dated: set[tuple[str, int]] = field(default_factory=set)
    luck: int = 0
    truth: list[tuple[int, str, str]] = field(default_factory=list)
    key_truth: list[tuple[int, str]] = field(default_factory=list)

    def is_delivered(self, bit: int) -> bool:
        """Whether an event that may get lost is delivered this time."""
        return not self.luck >> bit & 1

    def record(self, step: Step) -> bool:
        """Write a step down; whether it succeeded."""
        self.script.append(step)
        return step.error is None

    def tell(self, db: Db, event: str, at: int, *, bit: int | None = None) -> None:
        """Write an RDS event down, unless it gets lost on its way, or there is none of clusters."""
        name: str | None = db.name
        if db.is_cluster:
            name = db.name if event in CLUSTER_EVENTS else db.member
            event = CLUSTER_EVENTS.get(event, event)
        if name is not None and (bit is None or self.is_delivered(bit)):
            about = (Ref(name), f"RDS-EVENT-{event}")
            self.script.append(Step(at=at, verb="rds_event", args=about))

    # Keys

    def on_key(self, step: Step, *, is_hidden: bool = False) -> None:
        """Let keys change; databases on a key that can no longer be used, or can again, notice."""
        if not is_hidden:
            self.script.append(step)
        before = {name: key.is_usable for name, key in self.keys.items()}
        keys.apply(self.keys, step)
        for db in self.dbs.values():
            was, now = before.get(db.key, True), self.keys[db.key].is_usable
            if was and not now:
                self._lose(db, step.at)
            if now and not was:
                self._regain(db, step.at)
        self._set_key_timers(step)

    def _set_key_timers(self, step: Step) -> None:
        for key in self.keys.values():
            date = key.deletion_date
            if key.state == "PendingDeletion" and date and (key.name, date) not in self.dated:
                self.dated.add((key.name, date))
                slack = 1 + self.luck // 16 * 97 % (DAY - 1)
                self.timers.add(date + slack, self.delete_key, key, key.deleted_by, self.luck)
        if step.error or not step.args or step.args[0] not in self.keys:
            return
        key = self.keys[step.args[0]]
        if step.verb == "import_key_material" and "valid_to" in step.options:
            self.timers.add(step.options["valid_to"], self.expire, key, step)

    def delete_key(self, at: int, key: Key, scheduled: Step | None, luck: int) -> None:
        """Delete a key whose waiting period is over; the record of it may never come."""
        if key.state == "PendingDeletion" and key.deleted_by is scheduled:
            step = Step(at=at, verb="delete_key", args=(Ref(key.name),))
            self.on_key(step, is_hidden=bool(luck >> 3 & 1))
            self.key_truth.append((at, key.name))

    def expire(self, at: int, key: Key, imported: Step) -> None:
        """Let material expire unless a later import has given it another date."""
        name = imported.options["material"]
        material = key.materials.get(name)
        if material and material.by is imported and material.is_here and key.state != "Deleted":
            told = {"material": name}
            step = Step(at=at, verb="expire_key_material", args=(Ref(key.name),), options=told)
            self.on_key(step)

    # The clocks of databases

    def enter(self, db: Db, at: int, status: str) -> None:
        db.status, db.terminal_at = status, None
        db.life += 1
        db.is_lost = db.is_detected = False
        self.truth.append((at, db.name, status))

    def _lose(self, db: Db, at: int) -> None:
        if db.status != "available":
            return
        db.is_lost, db.is_detected = True, False
        db.life += 1
        delay = LATENCIES[(self.luck // 16 + db.number) % len(LATENCIES)]
        self.timers.add(at + delay, self.detect, db, db.life)

    def _regain(self, db: Db, at: int) -> None:
        if db.status == "available" and db.is_lost:
            if db.is_detected:
                self.tell(db, "0420", at, bit=2)
            db.is_lost = db.is_detected = False
            db.life += 1

    def detect(self, at: int, db: Db, life: int) -> None:
        """RDS finds that it has no access; with backups, two hours later the status changes."""
        if db.life == life:
            db.is_detected = True
            self.tell(db, "0418", at, bit=0)
            if db.kind == "aurora":
                delay = HASTES[db.number % len(HASTES)]
                self.timers.add(at + delay, self.give_up, db, life)
            elif db.retention or db.source:
                self.timers.add(at + 120, self.give_up, db, life)

    def give_up(self, at: int, db: Db, life: int) -> None:
        """RDS takes the database out of service."""
        if db.life != life:
            return
        self.tell(db, "0419", at, bit=1)
        if self.can_stop(db):
            self.enter(db, at, REC)
            db.terminal_at = at + 7 * DAY
            self.timers.add(db.terminal_at, self.end, db, db.life)
        else:
            self.enter(db, at, TERM)

    def end(self, at: int, db: Db, life: int) -> None:
        """The seven days are over."""
        if db.life == life:
            self.enter(db, at, TERM)

    def can_stop(self, db: Db) -> bool:
        """Section 4.4."""
        if db.kind == "multi-az" or db.world or self.deployment(db):
            return False
        return not (db.source or self.replicas(db) or db.is_multi_az_sql_server)

    def replication(self, db: Db) -> Replicated | None:
        """The replication of a database's backups that is under way."""
        return next(
            (one for one in self.replications.values() if one.db == db.name and one.is_active), None
        )

    def deployment(self, db: Db) -> Deployment | None:
        """The deployment in which a database is the blue one, before its switchover."""
        return next(
            (
                one
                for one in self.deployments
                if one.blue is db and one.is_here and not one.is_switched
            ),
            None,
        )

    def replicas(self, db: Db) -> list[Db]:
        """The living read replicas of a database."""
        return [one for one in self.dbs.values() if one.source == db.name and is_alive(one)]

    def stop(self, db: Db, at: int) -> None:
        self.enter(db, at, "stopped")
        self.tell(db, "0087", at + 3, bit=4)
        self.timers.add(at + 3 + 7 * DAY, self.start_by_itself, db, db.life)

    def start_by_itself(self, at: int, db: Db, life: int) -> None:
        """A stopped instance starts after seven days; with a dead key it cannot."""
        if db.life == life:
            self.tell(db, "0154", at, bit=5)
            if self.keys[db.key].is_usable:
                self.start(db, at)

    def start(self, db: Db, at: int) -> None:
        self.enter(db, at, "available")
        self.tell(db, "0088", at + 5, bit=4)

    def detach(self, db: Db, at: int) -> None:
        """Another host: without the key the volume cannot be attached there."""
        if db.is_lost:
            self.give_up(at, db, db.life)


def is_alive(db: Db) -> bool:
    return db.status != "deleted"
