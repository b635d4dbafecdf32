"""Calls on copies that lie elsewhere: backups in another Region, exports in S3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.model.aws import BAD_STATE, NO_KEY, Replicated, is_alive
from tests.model.drive import Drive, choose
from tests.model.rds_calls import NO_BACKUP, NO_SNAPSHOT, refusal
from tests.model.script import Ref

NO_EXPORT: Final = "ExportTaskNotFoundFault"


def replicate_backups(drive: Drive) -> None:
    """Replicate backups to the Region of a key that lies in another one than the database's."""
    account = drive.account
    alive = [
        db for db in account.dbs.values()
        if is_alive(db) and not db.source and not db.is_cluster
    ]  # fmt: skip
    if not alive:
        return
    db = choose(alive, drive.pick.which)
    home = account.keys[db.key].region
    keys = [key for key in account.keys.values() if key.region != home and key.kind != "managed"]
    if not keys or account.replication(db):
        return
    key = choose(keys, drive.pick.other // 4)
    error = refusal(drive, db)
    if error is None and not db.retention:
        error = BAD_STATE
    if error is None and not key.is_usable:
        error = NO_KEY
    name = drive.name("far")
    days = (1, 7, 14)[drive.pick.other // 16 % 3]
    step = drive.step(
        "replicate_backups", Ref(db.name), Ref(key.name), error=error, result=name, days=days
    )
    if account.record(step):
        account.replications[name] = Replicated(name=name, db=db.name, days=days)


def stop_replicating(drive: Drive) -> None:
    """Stop a replication, or delete what is left of one that has ended."""
    account = drive.account
    if not account.replications:
        return
    one = choose(list(account.replications.values()), drive.pick.which)
    if one.is_active:
        if account.record(drive.step("stop_replicating_backups", Ref(one.name))):
            one.end(drive.at)
        return
    error = None if one.until > drive.at else NO_BACKUP
    if account.record(drive.step("delete_replicated_backup", Ref(one.name), error=error)):
        one.until = 0


def export(drive: Drive) -> None:
    """Export a snapshot under any key of its Region."""
    account = drive.account
    snaps = [one for one in account.snaps.values() if not one.of.is_cluster]
    if not snaps:
        return
    snap = choose(snaps, drive.pick.which)
    home = account.keys[snap.key]
    keys = [
        key for key in account.keys.values()
        if key.region == home.region and key.kind != "managed"
    ]  # fmt: skip
    if not keys:
        return
    key = choose(keys, drive.pick.other // 4)
    error = None if home.is_usable and key.is_usable else NO_KEY
    if not snap.is_here:
        error = NO_SNAPSHOT
    name = drive.name("export")
    step = drive.step(
        "start_export_task", Ref(snap.name), name, Ref(key.name), error=error, result=name
    )
    if account.record(step):
        account.exports[name] = True


def cancel_export(drive: Drive) -> None:
    account = drive.account
    if not account.exports:
        return
    name = choose(list(account.exports), drive.pick.which)
    error = None if account.exports[name] else NO_EXPORT
    if account.record(drive.step("cancel_export_task", Ref(name), error=error)):
        account.exports[name] = False


COPY_CALLS: Final[tuple[Callable[[Drive], None], ...]] = (
    replicate_backups, replicate_backups, stop_replicating, export, cancel_export,
)  # fmt: skip
