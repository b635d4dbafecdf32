"""legacy-material-expired: key material that somebody imported for a year, a year ago."""

from __future__ import annotations

from typing import Final

from tests.simulator import faults
from tests.simulator.actors import role
from tests.simulator.delivery import Habits
from tests.simulator.stories.cast import nights, pipeline, settle
from tests.simulator.times import utc
from tests.simulator.world import AwsSimulator

NAME: Final = "legacy-material-expired"

_ACCOUNT = "777788889999"
_CEREMONY = role(
    "key-ceremony",
    "ines.ferreira",
    account=_ACCOUNT,
    source_ip="203.0.113.201",
    source_identity="ines.ferreira",
    has_mfa=True,
)
_DBA = role("dba", "grete.holm", account=_ACCOUNT, source_ip="198.51.100.90")
_ON_CALL = role("oncall", "liam.obrien", account=_ACCOUNT, source_ip="203.0.113.88")


def tell() -> tuple[AwsSimulator, Habits]:
    """Return the account, and how its records were delivered."""
    aws = AwsSimulator(
        seed=NAME, account=_ACCOUNT, region="eu-central-1", start=utc("2025-05-10 07:40:00")
    )
    key = aws.create_key(
        "legacy", at=aws.start, actor=_CEREMONY, origin="EXTERNAL", description="own material"
    )
    expiry = utc("2026-05-10 08:00:00")
    aws.import_key_material(
        key, at=utc("2025-05-10 08:12:30"), valid_to=expiry, actor=_CEREMONY, is_new=True
    )
    legacy = settle(
        aws,
        "legacy",
        key,
        at=utc("2025-06-02 13:20:00"),
        actor=pipeline(_ACCOUNT, "ci-77"),
        engine="oracle-ee",
    )
    aws.create_db_snapshot(legacy, "legacy-year-end", at=utc("2025-12-31 22:00:41"), actor=_DBA)
    nights(aws, legacy, first=utc("2026-05-08 03:11:00"), count=3)
    aws.expire_key_material(key, at=utc("2026-05-10 08:00:03"))
    aws.kms_event("KMS Imported Key Material Expiration", key, at=utc("2026-05-10 08:00:04"))
    aws.rds_event(legacy, "RDS-EVENT-0418", at=utc("2026-05-10 08:07:26"))
    aws.rds_event(legacy, "RDS-EVENT-0419", at=utc("2026-05-10 10:07:26"))
    pending = faults.key_pending_import(key.arn)
    aws.enable_key(key, at=utc("2026-05-10 11:30:12"), actor=_ON_CALL, error=pending)
    aws.start_db_instance(
        legacy, at=utc("2026-05-10 11:32:48"), actor=_ON_CALL, error=faults.KEY_NOT_ACCESSIBLE
    )
    # New material is no help: only the same one opens what it has sealed.
    wrong = faults.INCORRECT_MATERIAL
    aws.import_key_material(key, at=utc("2026-05-11 09:17:05"), actor=_ON_CALL, error=wrong)
    aws.traffic(
        since=utc("2026-05-09 06:00:00"), until=utc("2026-05-12 12:00:00"), sessions=25, keys=[]
    )
    return aws, Habits()
