"""quiet-trail: the deletion is scheduled, then the trail goes blind; nobody saw the key die."""

from __future__ import annotations

from typing import Final

from tests.simulator import faults
from tests.simulator.actors import role, user
from tests.simulator.delivery import Habits
from tests.simulator.stories.cast import found, nights, pipeline
from tests.simulator.times import utc
from tests.simulator.world import AwsSimulator

NAME: Final = "quiet-trail"

DIGESTS: Final = (
    (utc("2026-07-06 00:00:00"), utc("2026-07-07 00:31:27")),
    (utc("2026-07-16 07:58:33"), utc("2026-07-16 15:58:33")),
)
"""Log file validation was turned on the day before; its files stop and begin with the trail."""

_ACCOUNT = "777788889999"
_INSIDER = user("viktor.brandt", account=_ACCOUNT, source_ip="198.51.100.203")
_SECURITY = role("security-incident", "amara.diallo", account=_ACCOUNT, source_ip="203.0.113.6")


def tell() -> tuple[AwsSimulator, Habits]:
    """Return the account, and how its records were delivered."""
    aws = AwsSimulator(seed=NAME, account=_ACCOUNT, start=utc("2026-03-18 15:00:00"))
    key, claims = found(aws, "claims", at=aws.start, actor=pipeline(_ACCOUNT, "ci-2044"))
    nights(aws, claims, first=utc("2026-07-04 03:10:45"), count=3)
    aws.schedule_key_deletion(key, 7, at=utc("2026-07-06 21:14:05"), actor=_INSIDER)
    aws.put_event_selectors(exclude_kms=True, at=utc("2026-07-06 21:16:52"), actor=_INSIDER)
    aws.rds_event(claims, "RDS-EVENT-0418", at=utc("2026-07-06 21:20:11"))
    aws.rds_event(claims, "RDS-EVENT-0419", at=utc("2026-07-06 23:20:11"))
    aws.stop_logging(at=utc("2026-07-07 00:31:27"), actor=_INSIDER)
    # Whatever was called in these nine days, the trail does not know it: a cancellation too.
    aws.start_logging(at=utc("2026-07-16 07:58:33"), actor=_SECURITY)
    aws.put_event_selectors(exclude_kms=False, at=utc("2026-07-16 08:03:10"), actor=_SECURITY)
    aws.start_db_instance(
        claims,
        at=utc("2026-07-16 08:20:42"),
        actor=_SECURITY,
        error=faults.invalid_db_instance_state("claims", "inaccessible-encryption-credentials"),
    )
    for since, until, sessions in (
        ("2026-07-06 06:00:00", "2026-07-06 21:10:00", 12),
        ("2026-07-16 08:05:00", "2026-07-16 16:00:00", 8),
    ):
        aws.traffic(since=utc(since), until=utc(until), sessions=sessions)
    return aws, Habits()
