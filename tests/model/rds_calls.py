"""Calls on databases and their copies that a driver may pick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.model.aws import BAD_STATE, NO_KEY, REC, Db, Snap, is_alive
from tests.model.drive import Drive, choose
from tests.model.script import DAY, Ref, Step

RETENTIONS: Final = (0, 7, 1)
NO_SNAPSHOT: Final = "DBSnapshotNotFoundFault"
NO_BACKUP: Final = "DBInstanceAutomatedBackupNotFoundFault"
NO_COMBINATION: Final = "InvalidParameterCombination"


def refusal(drive: Drive, db: Db, *, needs_key: bool = True) -> str | None:
    """Return why a call that needs a running database is refused, None if it is not."""
    if db.status != "available":
        return BAD_STATE
    if needs_key and not drive.account.keys[db.key].is_usable:
        return NO_KEY
    return None


def _pick(drive: Drive) -> Db | None:
    alive = [db for db in drive.account.dbs.values() if is_alive(db)]
    return choose(alive, drive.pick.which) if alive else None


def _call(drive: Drive, db: Db, deed: str, error: str | None = None, **options: Any) -> Step:
    step = drive.step(db.verb(deed), Ref(db.name), error=error, **options)
    drive.account.record(step)
    return step


def create(drive: Drive) -> None:
    """Create a database: key, retention and engine are picked."""
    account, pick = drive.account, drive.pick
    key = drive.target
    retention = RETENTIONS[pick.other // 4 % len(RETENTIONS)]
    options: dict[str, Any] = {"retention": retention}
    is_sql_server = pick.luck // 16 % 8 == 7
    if is_sql_server:
        options |= {"engine": "sqlserver-se", "multi_az": True}
    if key.region != "us-east-1":
        options["region"] = key.region
    name = drive.name("db")
    called = _name_of_a_deleted_one(drive, key.region) or name
    args = (called,) if key.kind == "managed" else (called, Ref(key.name))
    error = None if key.is_usable else NO_KEY
    step = drive.step("create_db_instance", *args, error=error, result=name, **options)
    if account.record(step):
        db = Db(name=name, key=key.name, retention=retention, number=len(account.dbs))
        db.is_multi_az_sql_server = is_sql_server
        account.dbs[name] = db
        account.tell(db, "0005", drive.at + 6, bit=4)


def _name_of_a_deleted_one(drive: Drive, region: str) -> str | None:
    """Use a name again, now and then; its spelling does not matter."""
    account = drive.account
    gone = [
        db for db in account.dbs.values()
        if db.status == "deleted" and account.keys[db.key].region == region
        if not db.is_named_again and not db.source
    ]  # fmt: skip
    if not gone or drive.pick.luck // 128 % 4 != 3 or drive.is_denied:
        return None
    gone[0].is_named_again = True
    return gone[0].name.upper()


def start(drive: Drive) -> None:
    if (db := _pick(drive)) is None:
        return
    error = None
    if db.status not in {"stopped", REC}:
        error = BAD_STATE
    elif not drive.account.keys[db.key].is_usable:
        error = NO_KEY
    if not _call(drive, db, "start_db_instance", error).error:
        drive.account.start(db, drive.at)


def stop(drive: Drive) -> None:
    if (db := _pick(drive)) is None:
        return
    error = refusal(drive, db, needs_key=False)
    if error is None and not drive.account.can_stop(db):
        error = BAD_STATE
    if not _call(drive, db, "stop_db_instance", error).error:
        drive.account.stop(db, drive.at)


def reboot(drive: Drive) -> None:
    if (db := _pick(drive)) is None:
        return
    needs_key = bool(drive.pick.luck // 16 % 2)  # while the key is lost it may go either way
    _call(drive, db, "reboot_db_instance", refusal(drive, db, needs_key=needs_key))


def protect(drive: Drive) -> None:
    """Modify something that touches neither host nor volume."""
    if (db := _pick(drive)) is None:
        return
    error = refusal(drive, db, needs_key=False)
    _call(drive, db, "modify_db_instance", error, request={"deletionProtection": False})


def move_host(drive: Drive) -> None:
    """Change the class: without backups and without the key this may go through, and detaches."""
    if (db := _pick(drive)) is None or db.is_cluster:
        return
    keyless = not db.retention and not db.source and bool(drive.pick.luck // 16 % 2)
    error = refusal(drive, db, needs_key=not keyless)
    step = _call(drive, db, "modify_db_instance", error, instance_class="db.r6g.xlarge")
    if not step.error:
        drive.account.detach(db, drive.at)


def recover_host(drive: Drive) -> None:
    """AWS itself replaces a host; what that does where backups are on is not documented."""
    db = _pick(drive)
    if db is None or db.is_cluster or db.status != "available":
        return
    if db.is_lost and (db.retention or db.source):
        return
    drive.account.tell(db, "0020", drive.at)
    drive.account.detach(db, drive.at)


def retain(drive: Drive) -> None:
    """Change for how long backups are kept; a source of replicas has to keep some."""
    db, account = _pick(drive), drive.account
    if db is None or db.source:
        return
    retention = RETENTIONS[drive.pick.other // 4 % len(RETENTIONS)]
    if db.is_cluster and not retention:
        return  # the backups of a cluster cannot be switched off
    if not retention and (account.replication(db) or account.deployment(db)):
        return  # what becomes of backups in another Region then is not documented
    error = refusal(drive, db)
    if error is None and not retention and account.replicas(db):
        error = NO_COMBINATION
    if _call(drive, db, "modify_db_instance", error, retention=retention).error:
        return
    if bool(retention) != bool(db.retention) and not db.is_cluster:
        account.tell(db, "0032" if retention else "0028", drive.at + 1, bit=4)
    db.retention = retention


def delete(drive: Drive) -> None:
    """Delete a database: with a final snapshot, with its backups retained, or with neither."""
    if (db := _pick(drive)) is None or db.world or drive.account.deployment(db):
        return
    way = 0 if db.source else drive.pick.other // 4 % 4
    options: dict[str, Any] = {}
    error = None
    if way in {1, 3}:
        options["final_snapshot"] = drive.name("final")
        error = refusal(drive, db)
    if way in {2, 3}:
        options["delete_automated_backups"] = False
    delete_as(drive, db, error, options)


def delete_as(drive: Drive, db: Db, error: str | None, options: dict[str, Any]) -> None:
    account = drive.account
    home = account.keys[db.key].region
    for replica in account.replicas(db):
        # How a clock goes on that began before a promotion is not documented; nor is what becomes
        # of a replica in another Region whose source is deleted, where the engine is PostgreSQL.
        if replica.is_lost or account.keys[replica.key].region != home:
            return
    step = _call(drive, db, "delete_db_instance", error, **options)
    if step.error:
        return
    account.enter(db, drive.at, "deleted")
    for replicated in account.replications.values():
        if replicated.db == db.name:
            replicated.end(drive.at)
    account.tell(db, "0003", drive.at + 9, bit=4)
    for replica in account.dbs.values():
        if replica.source == db.name:
            replica.source = None
    if not options.get("delete_automated_backups", True):
        db.retained_until = drive.at + db.retention * DAY
    if step.final_snapshot:
        account.snaps[step.final_snapshot] = Snap(step.final_snapshot, db.key, db)


def delete_backup(drive: Drive) -> None:
    """Delete the retained backups of a deleted database."""
    gone = [db for db in drive.account.dbs.values() if db.status == "deleted"]
    if not gone:
        return
    db = choose(gone, drive.pick.which)
    error = None if db.retained_until > drive.at else NO_BACKUP
    if not _call(drive, db, "delete_automated_backup", error).error:
        db.retained_until = 0


def replicate(drive: Drive) -> None:
    """Create a read replica under the same key or another, perhaps in another Region."""
    source, account = _pick(drive), drive.account
    if source is None or source.source or account.replicas(source) or source.is_cluster:
        return
    if account.deployment(source):
        return
    error = refusal(drive, source)
    if error is None and not source.retention:
        error = BAD_STATE
    other = drive.key(drive.pick.other // 4)
    key = account.keys[source.key] if other.kind == "managed" else other
    if error is None and not key.is_usable:
        error = NO_KEY
    name = drive.name("replica")
    args: tuple[Any, ...] = (Ref(source.name), name)
    options: dict[str, Any] = {"result": name}
    if key.name != source.key:
        args = (*args, Ref(key.name))
    if key.region != account.keys[source.key].region:
        options["region"] = key.region
    step = drive.step("create_read_replica", *args, error=error, **options)
    if account.record(step):
        db = Db(name=name, key=key.name, retention=0, number=len(account.dbs))
        db.source = source.name
        account.dbs[name] = db


def promote(drive: Drive) -> None:
    """Promote a replica; not while it has lost its key, for no page tells how its clock goes on."""
    account = drive.account
    replicas = [db for db in account.dbs.values() if db.source and is_alive(db)]
    if not replicas:
        return
    db = choose(replicas, drive.pick.which)
    error = refusal(drive, db, needs_key=False)
    if error is None and not account.keys[db.key].is_usable:
        return
    retention = RETENTIONS[drive.pick.other // 4 % len(RETENTIONS)]
    asked = {} if db.is_cluster else {"retention": retention}
    step = _call(drive, db, "promote_read_replica", error, **asked)
    if not step.error:
        db.source, db.retention = None, asked.get("retention", db.retention)


def snapshot(drive: Drive) -> None:
    if (db := _pick(drive)) is None:
        return
    error = refusal(drive, db) and BAD_STATE
    name = drive.name("snap")
    verb = db.verb("create_db_snapshot")
    step = drive.step(verb, Ref(db.name), name, error=error, result=name)
    if drive.account.record(step):
        drive.account.snaps[name] = Snap(name, db.key, db)


def copy(drive: Drive) -> None:
    """Copy a snapshot, under its own key or another one."""
    account = drive.account
    if not account.snaps:
        return
    source = choose(list(account.snaps.values()), drive.pick.which)
    home, other = account.keys[source.key], drive.key(drive.pick.other // 4)
    key = home if other.kind == "managed" else other
    error = None if home.is_usable and key.is_usable else NO_KEY
    if not source.is_here:
        error = NO_SNAPSHOT
    name = drive.name("copy")
    args: tuple[Any, ...] = (Ref(source.name), name)
    options: dict[str, Any] = {"result": name}
    if key is not home:
        args = (*args, Ref(key.name))
    if key.region != home.region:
        options["region"] = key.region
    step = drive.step(source.of.verb("copy_db_snapshot"), *args, error=error, **options)
    if account.record(step):
        account.snaps[name] = Snap(name, key.name, source.of)


def delete_snapshot(drive: Drive) -> None:
    account = drive.account
    if not account.snaps:
        return
    snap = choose(list(account.snaps.values()), drive.pick.which)
    error = None if snap.is_here else NO_SNAPSHOT
    if account.record(drive.step(snap.of.verb("delete_db_snapshot"), Ref(snap.name), error=error)):
        snap.is_here = False


DATABASE_CALLS: Final[tuple[Callable[[Drive], None], ...]] = (
    start, start, start, stop, reboot, protect, move_host, recover_host, retain, delete, delete,
    delete_backup, create, replicate, replicate, promote, snapshot, snapshot, copy, copy, copy,
    delete_snapshot, delete_snapshot,
)  # fmt: skip
