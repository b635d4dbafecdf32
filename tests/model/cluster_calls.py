"""Calls on clusters and global databases that a driver may pick, and restores of any database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.model.aws import BAD_STATE, NO_KEY, TERM, Db, is_alive
from tests.model.drive import Drive, choose
from tests.model.facts import FIRST_DAYS
from tests.model.keys import Key
from tests.model.rds_calls import NO_BACKUP, NO_SNAPSHOT, RETENTIONS, refusal
from tests.model.script import Ref


def create_cluster(drive: Drive) -> None:
    """Create an Aurora cluster, or one of RDS with three nodes; most have a member."""
    key, pick = drive.target, drive.pick
    if key.kind == "managed":
        return
    options: dict[str, Any] = {"retention": RETENTIONS[pick.other // 4 % 3] or 14}
    kind = "multi-az" if pick.luck // 16 % 4 == 3 else "aurora"
    if kind == "multi-az":
        options["engine"] = "postgres"
    made = _create(drive, key, kind, options)
    if made is not None and pick.luck // 64 % 4:
        _add_member(drive, made)


def _create(drive: Drive, key: Key, kind: str, options: dict[str, Any]) -> Db | None:
    account, name = drive.account, drive.name("cl")
    if key.region != "us-east-1":
        options["region"] = key.region
    error = None if key.is_usable else NO_KEY
    step = drive.step("create_db_cluster", name, Ref(key.name), error=error, result=name, **options)
    if not account.record(step):
        return None
    retention = options["retention"]
    db = Db(name=name, key=key.name, retention=retention, number=len(account.dbs), kind=kind)
    account.dbs[name] = db
    account.tell(db, "0005", drive.at + 6, bit=4)
    return db


def _add_member(drive: Drive, db: Db) -> None:
    name = drive.name("m")
    step = drive.step("create_cluster_member", Ref(db.name), name, result=name)
    if drive.account.record(step):
        db.member = name


def _clusters(drive: Drive) -> list[Db]:
    """The Aurora clusters that are there."""
    return [db for db in drive.account.dbs.values() if db.kind == "aurora" and is_alive(db)]


def add_member(drive: Drive) -> None:
    """Give a cluster that runs an instance more; it may be its first."""
    running = [db for db in _clusters(drive) if refusal(drive, db) is None]
    if running:
        _add_member(drive, choose(running, drive.pick.which))


def replicate_cluster(drive: Drive) -> None:
    """Make a replica of a cluster in another Region."""
    account = drive.account
    found = [
        db for db in _clusters(drive)
        if not db.source and not db.world and not account.replicas(db)
        if refusal(drive, db) is None
    ]  # fmt: skip
    if not found:
        return
    source = choose(found, drive.pick.which)
    key = _elsewhere(drive, source)
    if key is None:
        return
    made = _create(drive, key, "aurora", {"retention": 7, "source": Ref(source.name)})
    if made is not None:
        made.source = source.name


def _elsewhere(drive: Drive, db: Db) -> Key | None:
    home = drive.account.keys[db.key].region
    keys = [
        one for one in drive.account.keys.values()
        if one.region != home and one.kind != "managed" and one.is_usable
    ]  # fmt: skip
    return choose(keys, drive.pick.other // 4) if keys else None


def go_global(drive: Drive) -> None:
    """Make a global database of a cluster, or let a secondary join one."""
    found = [
        db for db in _clusters(drive)
        if not db.source and not drive.account.replicas(db) and refusal(drive, db) is None
    ]  # fmt: skip
    if not found:
        return
    db = choose(found, drive.pick.which)
    if db.world is None:
        name = drive.name("world")
        step = drive.step("create_global_cluster", name, Ref(db.name))
        if drive.account.record(step):
            db.world = name
        return
    key = _elsewhere(drive, db)
    if key is None:
        return
    made = _create(drive, key, "aurora", {"retention": 7, "global_cluster": db.world})
    if made is not None:
        made.world = db.world


def leave_global(drive: Drive) -> None:
    """Take a cluster out of its global database; not while its key is lost."""
    found = [db for db in _clusters(drive) if db.world and refusal(drive, db) is None]
    if not found:
        return
    db = choose(found, drive.pick.which)
    step = drive.step("remove_from_global_cluster", db.world, Ref(db.name))
    if drive.account.record(step):
        db.world = None


def take_over(drive: Drive) -> None:
    """Let another member of a global database write: planned, or not."""
    found = [db for db in _clusters(drive) if db.world and refusal(drive, db) is None]
    if not found:
        return
    db, way = choose(found, drive.pick.which), drive.pick.other // 4 % 3
    options: dict[str, Any] = {"is_failover": True} if way else {}
    if way == 2:
        options["allows_data_loss"] = True
    step = drive.step("switch_over_global_cluster", db.world, Ref(db.name), **options)
    drive.account.record(step)


def restore_snapshot(drive: Drive) -> None:
    """Restore a snapshot: another database, under the snapshot's key, or a cluster under any."""
    account = drive.account
    if not account.snaps:
        return
    snap = choose(list(account.snaps.values()), drive.pick.which)
    home, other = account.keys[snap.key], drive.key(drive.pick.other // 4)
    takes_other = snap.of.is_cluster and other.region == home.region and other.kind != "managed"
    key = other if takes_other else home
    error = None if home.is_usable and key.is_usable else NO_KEY
    if not snap.is_here:
        error = NO_SNAPSHOT
    args = (Ref(key.name),) if key is not home else ()
    days = FIRST_DAYS if snap.of.is_cluster else snap.of.retention
    made = Db(name=drive.name("again"), key=key.name, retention=days, number=0, kind=snap.of.kind)
    _restored(drive, "restore_from_snapshot", (Ref(snap.name), made.name, *args), made, error)


def restore_moment(drive: Drive) -> None:
    """Restore from automated backups, which outlive even the terminal status."""
    account = drive.account
    there = [db for db in account.dbs.values() if is_alive(db)]
    if not there:
        return
    db = choose(there, drive.pick.which)
    key = account.keys[db.key]
    error = None if key.is_usable else NO_KEY
    if not db.retention:
        error = NO_BACKUP
    if db.source and not db.is_cluster and db.status == TERM:
        error = BAD_STATE
    made = Db(name=drive.name("again"), key=db.key, retention=db.retention, number=0, kind=db.kind)
    _restored(drive, "restore_to_point_in_time", (Ref(db.name), made.name), made, error)


def _restored(drive: Drive, deed: str, args: tuple[str, ...], made: Db, error: str | None) -> None:
    account = drive.account
    made.number = len(account.dbs)
    if account.record(drive.step(made.verb(deed), *args, error=error, result=made.name)):
        account.dbs[made.name] = made


CLUSTER_CALLS: Final[tuple[Callable[[Drive], None], ...]] = (
    create_cluster, add_member, replicate_cluster, go_global, go_global, go_global, leave_global,
    take_over, restore_snapshot, restore_snapshot, restore_moment,
)  # fmt: skip
