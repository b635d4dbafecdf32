"""Calls on blue/green deployments of instances that a driver may pick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.model.aws import Db, Deployment, is_alive
from tests.model.drive import Drive, choose
from tests.model.known import green_of
from tests.model.rds_calls import refusal
from tests.model.script import Ref, Step


def deploy(drive: Drive) -> None:
    """Make a green copy of an instance that stands by itself."""
    account = drive.account
    found = [
        db for db in account.dbs.values()
        if is_alive(db) and not db.is_cluster and not db.is_multi_az_sql_server and db.retention
        if not db.source and not account.replicas(db) and not account.deployment(db)
        if not db.is_named_again and refusal(drive, db) is None
    ]  # fmt: skip
    if not found:
        return
    blue, name = choose(found, drive.pick.which), drive.name("bg")
    step = drive.step("create_blue_green", Ref(blue.name), name, result=name)
    if account.record(step):
        account.deployments.append(Deployment(name=name, blue=blue))
        blue.is_named_again = True  # its name is going to mean another database


def switch_over(drive: Drive) -> None:
    """Let green take over; when the names have moved, RDS says so, or its word gets lost."""
    account = drive.account
    found = [
        one for one in account.deployments
        if one.is_here and not one.is_switched and refusal(drive, one.blue) is None
    ]  # fmt: skip
    if not found or drive.is_denied:
        return
    one = choose(found, drive.pick.which)
    green = green_of(one.name)
    step = drive.step("switch_over_blue_green", Ref(one.name), Ref(one.blue.name), result=green)
    account.record(step)
    one.is_switched = True
    made = Db(name=green, key=one.blue.key, retention=one.blue.retention, number=len(account.dbs))
    made.is_named_again = True
    account.dbs[green] = made
    if account.is_delivered(1):
        told = (Ref(one.name), "RDS-EVENT-0248")
        account.script.append(Step(at=drive.at + 4, verb="rds_event", args=told))


def undeploy(drive: Drive) -> None:
    """Delete a deployment; before its switchover the green database goes with it."""
    found = [one for one in drive.account.deployments if one.is_here]
    if not found:
        return
    one = choose(found, drive.pick.which)
    options: dict[str, Any] = {} if one.is_switched else {"delete_target": True}
    if drive.account.record(drive.step("delete_blue_green", Ref(one.name), **options)):
        one.is_here = False


BLUE_GREEN_CALLS: Final[tuple[Callable[[Drive], None], ...]] = (
    deploy, deploy, switch_over, switch_over, undeploy,
)  # fmt: skip
