"""audit-snapshots-wiped: no key is touched; an intruder deletes the database and its snapshots."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tests.simulator import faults
from tests.simulator.actors import user
from tests.simulator.delivery import Habits
from tests.simulator.stories.cast import found, nights, pipeline
from tests.simulator.times import utc
from tests.simulator.world import AwsSimulator

NAME: Final = "audit-snapshots-wiped"

_ACCOUNT = "444455556666"
_INTRUDER = user("svc-deploy-legacy", account=_ACCOUNT, source_ip="192.0.2.77").using(
    # What a client calls itself is the client's choice: it must never be interpreted.
    user_agent="[bold red]aws-cli[/bold red]/1.16.2 \x1b[2J <script>alert(1)</script>"
)


def tell() -> tuple[AwsSimulator, Habits]:
    """Return the account, and how its records were delivered."""
    aws = AwsSimulator(
        seed=NAME, account=_ACCOUNT, region="eu-west-1", start=utc("2026-02-16 10:00:00")
    )
    deploy = pipeline(_ACCOUNT, "ci-358")
    key, audit = found(aws, "audit", at=aws.start, actor=deploy)
    snapshots = [
        aws.create_db_snapshot(audit, f"audit-2026-{month:02d}", at=moment, actor=deploy)
        for month, moment in ((4, utc("2026-04-30 23:00:05")), (5, utc("2026-05-31 23:00:05")))
    ]
    nights(aws, audit, first=utc("2026-06-12 03:10:20"), count=2)
    night = utc("2026-06-14 02:04:19")
    for number, name in enumerate(("GetCallerIdentity", "ListAccessKeys", "ListUsers")):
        source = "sts" if number == 0 else "iam"
        denied = None if number == 0 else faults.ACCESS_DENIED
        at = night + timedelta(seconds=9 * number)
        aws.record(source, name, at=at, actor=_INTRUDER, is_read=True, error=denied)
    at = utc("2026-06-14 02:09:50")
    aws.record("rds", "DescribeDBInstances", at=at, actor=_INTRUDER, is_read=True)
    aws.schedule_key_deletion(
        key, 7, at=utc("2026-06-14 02:11:31"), actor=_INTRUDER, error=faults.ACCESS_DENIED
    )
    aws.modify_db_instance(
        audit,
        at=utc("2026-06-14 02:13:02"),
        actor=_INTRUDER,
        request={"deletionProtection": False},
    )
    aws.delete_db_instance(audit, at=utc("2026-06-14 02:14:36"), actor=_INTRUDER)
    aws.delete_db_snapshot(snapshots[1], at=utc("2026-06-14 02:17:05"), actor=_INTRUDER)
    last = aws.delete_db_snapshot(snapshots[0], at=utc("2026-06-14 02:19:40"), actor=_INTRUDER)
    aws.rds_event(audit, "RDS-EVENT-0003", at=utc("2026-06-14 02:31:12"))
    aws.traffic(
        since=utc("2026-06-13 06:00:00"),
        until=utc("2026-06-15 12:00:00"),
        sessions=25,
        keys=[key],
    )
    return aws, Habits(arrivals={last["eventID"]: (4 * 3600, 4 * 3600 + 600)})
