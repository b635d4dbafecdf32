"""Deeds: what somebody does to a database, its key or its copies, and the worlds to do it in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, NamedTuple

from tests.simulator import faults
from tests.simulator.actors import user
from tests.simulator.handles import Database, Key
from tests.simulator.policies import USE, WHOLE_ACCOUNT, allow, arn, policy, through
from tests.simulator.recorder import Call
from tests.simulator.world import AwsSimulator

OTHER: Final = "444455556666"


def d(days: float) -> timedelta:
    return timedelta(days=days)


class World(NamedTuple):
    """A database under a key with its own snapshot; what happens begins on day 0."""

    aws: AwsSimulator
    key: Key
    db: Database


def made(key: Key | None = None, *, own_key: bool = True) -> World:
    aws = AwsSimulator(seed=21, actor=user("mallory"))
    held = key or aws.create_key("orders", at=d(-20))
    db = aws.create_db_instance("orders", held if own_key else None, at=d(-19))
    return World(aws, held, db)


Deed = Callable[[World], object]


def puts(*statements: dict[str, Any]) -> Deed:
    """Put a policy with room for the account, then the one asked about."""
    before = policy(WHOLE_ACCOUNT, allow(arn("role/app"), USE), allow(arn("root", OTHER), USE))

    def deed(w: World) -> None:
        w.aws.put_key_policy(w.key, before, at=d(-18))
        w.aws.put_key_policy(w.key, policy(*statements), at=d(0))

    return deed


def opens(*accounts: str) -> Deed:
    """Let everybody use the key through RDS, or whoever calls from these accounts."""
    condition: dict[str, Any] = through()
    if accounts:
        condition["StringEquals"] |= {"kms:CallerAccount": list(accounts)}
    everybody = policy(WHOLE_ACCOUNT, allow("*", USE, condition))
    return lambda w: w.aws.put_key_policy(w.key, everybody, at=d(0))


def share(*accounts: str, managed: bool = False) -> Deed:
    def deed(w: World) -> None:
        snapshot = w.aws.create_db_snapshot(w.db, "monthly", at=d(-1))
        error = ("InvalidDBSnapshotStateFault", "managed") if managed else None
        w.aws.share_snapshot(snapshot, at=d(0), add=accounts, error=error)

    return deed


def copied(*, away: bool) -> Deed:
    def deed(w: World) -> None:
        snapshot = w.aws.create_db_snapshot(w.db, "monthly", at=d(-1))
        call = Call(account=OTHER) if away else Call()
        far = w.aws.create_key("far", at=d(-1), **call)
        w.aws.copy_db_snapshot(snapshot, "taken", far, at=d(0), **call)

    return deed


def wiped(after: float) -> Deed:
    def deed(w: World) -> None:
        snapshot = w.aws.create_db_snapshot(w.db, "monthly", at=d(-1))
        w.aws.delete_db_snapshot(snapshot, at=d(0))
        w.aws.disable_key(w.key, at=d(after))

    return deed


def granted(grantee: str) -> Deed:
    return lambda w: w.aws.create_grant(w.key, at=d(0), grantee=grantee)


def withdrawn(*, again: bool) -> Deed:
    def deed(w: World) -> None:
        first = w.aws.create_grant(w.key, at=d(-19), context=w.db.context)
        if again:
            w.aws.create_grant(w.key, at=d(-18), context=w.db.context)
        w.aws.revoke_grant(w.key, first["responseElements"]["grantId"], at=d(0))

    return deed


def refused(error: faults.Fault) -> Deed:
    return lambda w: w.aws.schedule_key_deletion(w.key, 7, at=d(0), error=error)


def imported(days: float | None) -> World:
    aws = AwsSimulator(seed=22)
    key = aws.create_key("own", at=d(-20), origin="EXTERNAL")
    aws.import_key_material(key, at=d(-20) + timedelta(hours=1), valid_to=days and d(days))
    return World(aws, key, aws.create_db_instance("orders", key, at=d(-19)))


def foreign() -> World:
    other = AwsSimulator(seed=23, account=OTHER)
    return made(other.create_key("theirs", at=d(-21)))


def unreadable(text: str) -> Deed:
    return lambda w: w.aws.put_key_policy(w.key, text, at=d(0))


def bypassing(w: World) -> None:
    record = w.aws.put_key_policy(w.key, policy(WHOLE_ACCOUNT), at=d(0))
    record["requestParameters"]["bypassPolicyLockoutSafetyCheck"] = True


def doomed(w: World) -> None:
    w.aws.schedule_key_deletion(w.key, 7, at=d(0))
    w.aws.delete_key(w.key, at=d(7.1))


def copying_without_access(*, disabled: bool) -> Deed:
    def deed(w: World) -> None:
        snapshot = w.aws.create_db_snapshot(w.db, "monthly", at=d(-1))
        if disabled:
            w.aws.disable_key(w.key, at=d(0))
        late = d(1)
        w.aws.copy_db_snapshot(snapshot, "c", w.key, at=late, error=faults.KEY_NOT_ACCESSIBLE)

    return deed


def enabled_while_doomed(w: World) -> None:
    w.aws.schedule_key_deletion(w.key, 7, at=d(0))
    w.aws.enable_key(w.key, at=d(1))


def nothing(w: World) -> None:
    """Let everything be as it is."""


def managed() -> World:
    return made(own_key=False)
