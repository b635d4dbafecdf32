"""Worlds for the catalogue: one in which all is well, and one in which everything happens."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tests.simulator import faults
from tests.simulator.actors import CONSOLE, Actor, role, root, service, user
from tests.simulator.handles import Database, Key
from tests.simulator.stories.cast import found, nights, pipeline
from tests.simulator.times import utc
from tests.simulator.world import AwsSimulator

ACCOUNT: Final = "111122223333"
OUTSIDER: Final = "999988887777"
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_DEPLOY: Final = pipeline(ACCOUNT, "ci-1")
_DBA: Final = role("dba", "nadia.rahman", account=ACCOUNT, has_mfa=True)
_INTRUDER: Final = user("svc-legacy", account=ACCOUNT, source_ip="192.0.2.77").using(
    user_agent="[bold]aws-cli[/bold] \x1b[2J <script>alert(1)</script>"
)


def calm() -> AwsSimulator:
    """Return an account as it should be: months old, in use, backed up under a second key."""
    aws = AwsSimulator(seed="calm", account=ACCOUNT, start=utc("2026-01-05 09:00:00"))
    key, ledger = found(aws, "ledger", at=aws.start, actor=_DEPLOY)
    vault = aws.create_key("vault", at=20 * _MINUTE, actor=_DEPLOY)
    aws.modify_db_instance(ledger, at=_HOUR, actor=_DEPLOY, request={"deletionProtection": True})
    nights(aws, ledger, first=utc("2026-01-06 03:00:00"), count=3)
    held = aws.create_db_snapshot(ledger, "ledger-monthly", at=8 * _DAY, actor=_DEPLOY)
    aws.copy_db_snapshot(held, "ledger-vault", vault, at=9 * _DAY, actor=_DEPLOY)
    for day in range(10, 90, 8):
        for used in (key, vault):
            _used_by_rds(aws, used, ledger, day * _DAY)
    return aws


def intrusion() -> AwsSimulator:
    """Return an account in which nearly everything happens that the catalogue asks about."""
    aws = AwsSimulator(seed="intrusion", account=ACCOUNT, start=utc("2026-01-05 09:00:00"))
    key, orders = found(aws, "orders", at=aws.start, actor=_DEPLOY)
    aws.modify_db_instance(orders, at=_DAY, actor=_DEPLOY, retention=14)
    for day in range(2, 60, 6):
        _used_by_rds(aws, key, orders, day * _DAY)
    aws.decrypt(key, at=10 * _DAY, actor=role("analytics", "job-1", account=OUTSIDER))
    _create_what_is_weak(aws)
    _look_around(aws, key)
    _open_doors(aws, key)
    _take_data_out(aws, orders)
    _remove_safeguards(aws, key, orders)
    _lock_away(aws, key, orders)
    _come_back(aws, key)
    return aws


def _create_what_is_weak(aws: AwsSimulator) -> None:
    """Two databases that nobody should have made so."""
    foreign = Key(
        arn=f"arn:aws:kms:us-east-1:{OUTSIDER}:key/0f0f0f0f-1111-4222-8333-444455556666",
        region="us-east-1", account=OUTSIDER, record={},
        key_id="0f0f0f0f-1111-4222-8333-444455556666",
    )  # fmt: skip
    aws.create_db_instance("scratch", at=3 * _DAY, actor=_DEPLOY, encrypted=False, retention=0)
    aws.create_db_instance("partner", foreign, at=4 * _DAY, actor=_DEPLOY)
    gone = aws.create_db_instance("retired", at=5 * _DAY, actor=_DEPLOY)
    aws.delete_db_instance(gone, at=6 * _DAY, actor=_DBA)
    material = aws.create_key("imported", at=7 * _DAY, actor=_DEPLOY, origin="EXTERNAL")
    aws.import_key_material(material, at=7 * _DAY + _HOUR, valid_to=97 * _DAY, actor=_DEPLOY)
    unused = aws.create_key("unused", at=8 * _DAY, actor=_DEPLOY)
    aws.record(
        "kms", "DisableKeyRotation", at=9 * _DAY, actor=_DBA,
        request={"keyId": unused.key_id}, resources=[unused.resource],
    )  # fmt: skip


def _look_around(aws: AwsSimulator, key: Key) -> None:
    """Somebody tries what is allowed, first from home, then from elsewhere."""
    at_home = _INTRUDER.using(source_ip="198.51.100.17")
    aws.describe_key(key, at=60 * _DAY, actor=at_home)
    denied = faults.ACCESS_DENIED
    aws.record(
        "rds", "DescribeDBSnapshots", at=61 * _DAY, actor=_INTRUDER, is_read=True, error=denied
    )
    for minute in (0, 2):
        aws.schedule_key_deletion(
            key, 7, at=63 * _DAY + minute * _MINUTE, actor=_INTRUDER, error=denied
        )


def _open_doors(aws: AwsSimulator, key: Key) -> None:
    statement = '{"Sid": "%s", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::%s:root"}, '
    statement += '"Action": "kms:*", "Resource": "*"}'
    own, other = statement % ("own", ACCOUNT), statement % ("other", OUTSIDER)
    for hour, statements in ((0, own), (1, f"{own}, {other}"), (2, other)):
        policy = f'{{"Version": "2012-10-17", "Statement": [{statements}]}}'
        aws.put_key_policy(key, policy, at=62 * _DAY + hour * _HOUR, actor=_INTRUDER)
    aws.create_grant(
        key, at=62 * _DAY + 3 * _HOUR, actor=_INTRUDER, operations=("Decrypt",),
        grantee=f"arn:aws:iam::{OUTSIDER}:role/loot",
    )  # fmt: skip
    aws.decrypt(
        key, at=62 * _DAY + 4 * _HOUR, actor=role("loot", "s1", account=OUTSIDER),
        context={"aws:s3:arn": "arn:aws:s3:::loot"},
    )  # fmt: skip


def _take_data_out(aws: AwsSimulator, orders: Database) -> None:
    at = 63 * _DAY
    held = aws.create_db_snapshot(orders, "orders-copy", at=at, actor=_INTRUDER)
    aws.share_snapshot(held, at=at + _HOUR, add=[OUTSIDER], actor=_INTRUDER)
    public = faults.Fault("InvalidParameterValue", "Encrypted snapshots cannot be public.")
    aws.share_snapshot(held, at=at + 2 * _HOUR, add=["all"], actor=_INTRUDER, error=public)
    theirs = Key(
        arn=f"arn:aws:kms:us-east-1:{OUTSIDER}:key/aaaaaaaa-1111-4222-8333-444455556666",
        region="us-east-1", account=OUTSIDER, record={},
        key_id="aaaaaaaa-1111-4222-8333-444455556666",
    )  # fmt: skip
    aws.copy_db_snapshot(held, "orders-theirs", theirs, at=at + 3 * _HOUR, actor=_INTRUDER)
    aws.start_export_task(held, "orders-export", theirs, at=at + 4 * _HOUR, actor=_INTRUDER)
    aws.delete_db_snapshot(held, at=at + 9 * _HOUR, actor=_INTRUDER)


def _remove_safeguards(aws: AwsSimulator, key: Key, orders: Database) -> None:
    at = 64 * _DAY
    aws.put_event_selectors(exclude_kms=True, at=at, actor=_INTRUDER)
    aws.modify_db_instance(
        orders, at=at + _HOUR, actor=_INTRUDER, request={"deletionProtection": False}
    )
    aws.modify_db_instance(orders, at=at + 2 * _HOUR, actor=_INTRUDER, retention=1)
    given = next(one for one in aws.records if one["eventName"] == "CreateGrant")
    aws.revoke_grant(key, given["responseElements"]["grantId"], at=at + 3 * _HOUR, actor=_INTRUDER)
    aws.stop_logging(at=at + 4 * _HOUR, actor=_INTRUDER)
    aws.start_logging(at=at + 6 * _HOUR, actor=root(account=ACCOUNT))


def _lock_away(aws: AwsSimulator, key: Key, orders: Database) -> None:
    at = 65 * _DAY
    aws.schedule_key_deletion(key, 7, at=at, actor=_INTRUDER)
    aws.rds_event(orders, "RDS-EVENT-0418", at=at + 7 * _MINUTE)
    other = aws.create_key(at=at + _HOUR, actor=_DBA)
    aws.update_alias("orders", other, at=at + _HOUR + _MINUTE, actor=_DBA)
    aws.start_db_instance(
        orders, at=at + 90 * _MINUTE, actor=_DBA.using(user_agent=CONSOLE),
        error=faults.KEY_NOT_ACCESSIBLE,
    )  # fmt: skip
    spare = aws.create_key("spare", at=at + 2 * _HOUR, actor=_DBA)
    aws.schedule_key_deletion(spare, 30, at=at + 3 * _HOUR, actor=_DBA)
    _used_by_rds(aws, spare, orders, at + 2 * _HOUR + _MINUTE)


def _come_back(aws: AwsSimulator, key: Key) -> None:
    at = 65 * _DAY + 100 * _MINUTE
    aws.cancel_key_deletion(key, at=at, actor=_DBA)
    aws.enable_key(key, at=at + _MINUTE, actor=_DBA)
    aws.records.append({**aws.records[0], "sourceIPAddress": "192.0.2.1"})


def _used_by_rds(aws: AwsSimulator, key: Key, database: Database, at: timedelta) -> None:
    rds: Actor = service("rds.amazonaws.com")
    aws.decrypt(key, at=at, actor=rds, context=database.context)
