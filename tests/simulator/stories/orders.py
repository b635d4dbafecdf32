"""orders-saved-in-time: the same mistake, but somebody cancels, enables and starts."""

from __future__ import annotations

from typing import Final

from tests.simulator import faults
from tests.simulator.actors import role, user
from tests.simulator.delivery import Habits
from tests.simulator.stories.cast import found, nights, pipeline
from tests.simulator.times import utc
from tests.simulator.world import AwsSimulator

NAME: Final = "orders-saved-in-time"

_ACCOUNT = "444455556666"
_PETRA = user("petra.hall", account=_ACCOUNT, source_ip="198.51.100.72")
_LEAD = role("incident-lead", "kofi.mensah", account=_ACCOUNT, source_ip="203.0.113.18")


def tell() -> tuple[AwsSimulator, Habits]:
    """Return the account, and how its records were delivered."""
    aws = AwsSimulator(
        seed=NAME, account=_ACCOUNT, region="eu-west-1", start=utc("2026-01-20 08:30:00")
    )
    deploy = pipeline(_ACCOUNT, "ci-311")
    key, orders = found(aws, "orders", at=aws.start, actor=deploy, engine="mysql")
    meant = aws.create_key("orders-test", at=utc("2026-01-20 08:45:10"), actor=deploy)
    nights(aws, orders, first=utc("2026-04-12 02:40:12"), count=3)
    aws.schedule_key_deletion(key, 7, at=utc("2026-04-14 11:05:48"), actor=_PETRA)
    aws.rds_event(orders, "RDS-EVENT-0418", at=utc("2026-04-14 11:11:30"))
    aws.rds_event(orders, "RDS-EVENT-0419", at=utc("2026-04-14 13:11:30"))
    unreachable = faults.KEY_NOT_ACCESSIBLE
    aws.start_db_instance(orders, at=utc("2026-04-15 07:50:05"), actor=_LEAD, error=unreachable)
    cancelled = aws.cancel_key_deletion(key, at=utc("2026-04-15 09:02:41"), actor=_LEAD)
    # Cancelling leaves the key disabled: the database still cannot start.
    aws.start_db_instance(orders, at=utc("2026-04-15 09:04:03"), actor=_LEAD, error=unreachable)
    aws.enable_key(key, at=utc("2026-04-15 09:06:27"), actor=_LEAD)
    aws.rds_event(orders, "RDS-EVENT-0420", at=utc("2026-04-15 09:12:44"))
    aws.start_db_instance(orders, at=utc("2026-04-15 09:15:50"), actor=_LEAD)
    aws.rds_event(orders, "RDS-EVENT-0088", at=utc("2026-04-15 09:27:36"))
    aws.schedule_key_deletion(meant, 30, at=utc("2026-04-15 10:30:00"), actor=_PETRA)
    nights(aws, orders, first=utc("2026-04-16 02:41:03"), count=1)
    aws.traffic(
        since=utc("2026-04-14 08:00:00"), until=utc("2026-04-16 12:00:00"), sessions=25, keys=[]
    )
    return aws, Habits(arrivals={cancelled["eventID"]: (260, 1800)})
