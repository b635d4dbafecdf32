"""payroll-key-deleted: a clean-up of unused keys takes one that a database cannot live without."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tests.simulator import faults
from tests.simulator.actors import CONSOLE, role, service
from tests.simulator.delivery import Habits
from tests.simulator.stories.cast import found, nights, pipeline
from tests.simulator.times import utc
from tests.simulator.world import AwsSimulator

if TYPE_CHECKING:
    from tests.simulator.handles import Database, Key

NAME: Final = "payroll-key-deleted"

_ACCOUNT = "111122223333"
_DBA = role("dba", "nadia.rahman", source_ip="198.51.100.23", has_mfa=True)
_COPIER = role("backup-copier", "monthly-2026-02", source_ip="10.20.3.9")
_SAVER = role("cost-cleanup", "nightly-2026-02-27", source_ip="10.20.3.14")
_HYGIENE = role(
    "key-hygiene", "tomasz.wrona", source_ip="198.51.100.44", source_identity="tomasz.wrona"
)
_ON_CALL = role("oncall", "maria.lindqvist", source_ip="203.0.113.87", has_mfa=True)
_PLATFORM = role("platform-admin", "jonas.keller", source_ip="203.0.113.91", has_mfa=True)


def tell() -> tuple[AwsSimulator, Habits]:
    """Return the account, and how its records were delivered."""
    aws = AwsSimulator(seed=NAME, account=_ACCOUNT, start=utc("2025-11-12 09:14:02"))
    payroll_key, payroll = found(aws, "payroll", at=aws.start, actor=pipeline(_ACCOUNT, "ci-4821"))
    crm_key, crm = found(
        aws, "crm", at=utc("2025-11-12 10:40:31"), actor=pipeline(_ACCOUNT, "ci-4822")
    )
    _quiet_months(aws, payroll_key, payroll)
    scheduled = _clean_up(aws, payroll_key, payroll)
    _incident(aws, payroll_key, payroll)
    deleted = _end(aws, payroll_key, payroll)
    nights(aws, payroll, first=utc("2026-02-27 03:12:09"), count=5)
    nights(aws, crm, first=utc("2026-02-27 04:01:55"), count=13)
    aws.traffic(
        since=utc("2026-03-02 06:00:00"),
        until=utc("2026-03-11 12:00:00"),
        sessions=60,
        keys=[crm_key],
        databases=[crm],
    )
    # The record of the mistake came hours after the mistake, the record of its end twice.
    late = {scheduled: (5 * 3600 + 1130,), deleted: (410, 2900)}
    return aws, Habits(arrivals=late)


def _quiet_months(aws: AwsSimulator, key: Key, payroll: Database) -> None:
    """The only copy under another key is made in February, and gone before the month is."""
    upgraded = utc("2026-01-15 20:31:10")
    aws.create_db_snapshot(
        payroll, "payroll-before-upgrade", at=upgraded - timedelta(minutes=26), actor=_DBA
    )
    aws.modify_db_instance(payroll, at=upgraded, actor=_DBA, request={"engineVersion": "17.6"})
    aws.decrypt(
        key,
        at=upgraded + timedelta(minutes=5),
        actor=service("rds.amazonaws.com"),
        context=payroll.context | {"aws:ebs:id": aws.ids.volume_id()},
    )
    vault = aws.create_key(
        "backup-vault", at=utc("2026-02-01 01:55:00"), actor=pipeline(aws.account, "ci-5077")
    )
    monthly = aws.create_db_snapshot(
        payroll, "payroll-2026-02", at=utc("2026-02-01 02:00:07"), actor=_COPIER
    )
    copy = aws.copy_db_snapshot(
        monthly, "payroll-2026-02-vault", vault, at=utc("2026-02-01 02:21:48"), actor=_COPIER
    )
    aws.delete_db_snapshot(monthly, at=utc("2026-02-01 03:05:12"), actor=_COPIER)
    aws.delete_db_snapshot(copy, at=utc("2026-02-27 01:30:44"), actor=_SAVER)


def _clean_up(aws: AwsSimulator, payroll_key: Key, payroll: Database) -> str:
    """A running database asks KMS for nothing: its key looks as unused as the others."""
    founder = pipeline(aws.account, "ci-1130")
    made = utc("2025-11-20 13:00:00")
    names = ("reports-2022", "etl-scratch", "sandbox-tmp")
    unused = [
        aws.create_key(name, at=made + timedelta(minutes=number), actor=founder)
        for number, name in enumerate(names)
    ]
    at = utc("2026-03-03 15:48:30")
    aws.record("kms", "ListKeys", at=at, actor=_HYGIENE, is_read=True)
    aws.record("kms", "ListAliases", at=at + timedelta(seconds=2), actor=_HYGIENE, is_read=True)
    targets = [*unused[:2], payroll_key, unused[2]]
    for number, key in enumerate(targets):
        aws.describe_key(key, at=at + timedelta(seconds=5 + number), actor=_HYGIENE)
    schedule = utc("2026-03-03 16:02:07")
    records = [
        aws.schedule_key_deletion(
            key, 7, at=schedule + timedelta(seconds=2 * number), actor=_HYGIENE
        )
        for number, key in enumerate(targets)
    ]
    for number, key in enumerate(unused):
        aws.delete_key(key, at=utc("2026-03-10 17:20:31") + timedelta(minutes=11 * number))
    aws.rds_event(payroll, "RDS-EVENT-0418", at=utc("2026-03-03 16:09:20"))
    aws.rds_event(payroll, "RDS-EVENT-0419", at=utc("2026-03-03 18:09:20"))
    event_id: str = records[2]["eventID"]
    return event_id


def _incident(aws: AwsSimulator, key: Key, payroll: Database) -> None:
    """Everything is tried but the two calls that help: CancelKeyDeletion, then EnableKey."""
    by_hand = _ON_CALL.using(user_agent=CONSOLE)
    unreachable = faults.KEY_NOT_ACCESSIBLE
    pending = faults.key_pending_deletion(key.arn)
    aws.record(
        "rds",
        "DescribeDBInstances",
        at=utc("2026-03-04 07:31:02"),
        actor=by_hand,
        request={"dBInstanceIdentifier": "payroll"},
        is_read=True,
    )
    for moment in ("2026-03-04 07:33:40", "2026-03-04 07:36:15"):
        aws.start_db_instance(payroll, at=utc(moment), actor=by_hand, error=unreachable)
    aws.restore_to_point_in_time(
        payroll, "payroll-pitr", at=utc("2026-03-04 07:41:58"), actor=by_hand, error=unreachable
    )
    aws.describe_key(key, at=utc("2026-03-04 07:58:21"), actor=by_hand)
    aws.enable_key(key, at=utc("2026-03-04 08:04:09"), actor=by_hand, error=pending)
    hope = aws.create_key(at=utc("2026-03-04 09:10:33"), actor=_PLATFORM, description="payroll v2")
    aws.update_alias("payroll", hope, at=utc("2026-03-04 09:11:02"), actor=_PLATFORM)
    aws.start_db_instance(
        payroll, at=utc("2026-03-04 09:14:47"), actor=_PLATFORM, error=unreachable
    )
    aws.enable_key(key, at=utc("2026-03-06 14:22:36"), actor=_PLATFORM, error=pending)


def _end(aws: AwsSimulator, key: Key, payroll: Database) -> str:
    deleted = aws.delete_key(key, at=utc("2026-03-10 19:02:54"))
    aws.kms_event("KMS CMK Deletion", key, at=utc("2026-03-10 19:02:54"))
    aws.start_db_instance(
        payroll,
        at=utc("2026-03-11 07:15:19"),
        actor=_ON_CALL,
        error=faults.invalid_db_instance_state("payroll", "inaccessible-encryption-credentials"),
    )
    aws.cancel_key_deletion(
        key, at=utc("2026-03-11 07:22:50"), actor=_ON_CALL, error=faults.key_not_found(key.arn)
    )
    event_id: str = deleted["eventID"]
    return event_id
