"""billing-copy-survives: the key is deleted, but a nightly copy lies under another one."""

from __future__ import annotations

from typing import Final

from tests.simulator import faults
from tests.simulator.actors import role
from tests.simulator.delivery import Habits
from tests.simulator.stories.cast import found, nights, pipeline
from tests.simulator.times import utc
from tests.simulator.world import AwsSimulator

NAME: Final = "billing-copy-survives"

_ACCOUNT = "111122223333"
_COPIER = role("backup-copier", "nightly-2026-05-19", source_ip="10.20.3.9")
_LEAD = role("incident-lead", "aiko.tanaka", source_ip="203.0.113.52", has_mfa=True)


def tell() -> tuple[AwsSimulator, Habits]:
    """Return the account, and how its records were delivered."""
    aws = AwsSimulator(seed=NAME, account=_ACCOUNT, start=utc("2026-02-10 09:00:00"))
    key, billing = found(aws, "billing", at=aws.start, actor=pipeline(_ACCOUNT, "ci-902"))
    other = aws.create_key(
        "billing-dr", at=utc("2026-02-10 09:30:00"), actor=pipeline(_ACCOUNT, "ci-903")
    )
    aws.create_db_snapshot(
        billing, "billing-quarter-1", at=utc("2026-04-01 05:00:12"), actor=_COPIER
    )
    nightly = aws.create_db_snapshot(
        billing, "billing-2026-05-19", at=utc("2026-05-19 01:00:03"), actor=_COPIER
    )
    copy = aws.copy_db_snapshot(
        nightly, "billing-2026-05-19-dr", other, at=utc("2026-05-19 01:24:40"), actor=_COPIER
    )
    nights(aws, billing, first=utc("2026-05-18 03:12:00"), count=3)
    # `terraform destroy` in the wrong workspace: deletion protection saves the instance, not its
    # key.
    destroys = pipeline(_ACCOUNT, "ci-9917")
    aws.delete_db_instance(
        billing,
        at=utc("2026-05-20 01:20:11"),
        actor=destroys,
        error=faults.Fault("InvalidParameterCombination", "Deletion protection is on for billing."),
    )
    aws.delete_alias("billing", key, at=utc("2026-05-20 01:21:30"), actor=destroys)
    aws.schedule_key_deletion(key, 7, at=utc("2026-05-20 01:24:40"), actor=destroys)
    aws.rds_event(billing, "RDS-EVENT-0418", at=utc("2026-05-20 01:30:15"))
    aws.rds_event(billing, "RDS-EVENT-0419", at=utc("2026-05-20 03:30:15"))
    deleted = aws.delete_key(key, at=utc("2026-05-27 06:41:09"))
    aws.restore_from_snapshot(copy, "billing-restored", at=utc("2026-05-28 08:05:00"), actor=_LEAD)
    aws.traffic(
        since=utc("2026-05-19 06:00:00"),
        until=utc("2026-05-28 12:00:00"),
        sessions=25,
        keys=[other],
    )
    return aws, Habits(arrivals={deleted["eventID"]: (6 * 3600 + 300, 6 * 3600 + 900)})
