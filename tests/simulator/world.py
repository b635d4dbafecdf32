"""World: the whole simulator, with every service's verbs in one object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulator.delivery import Habits, deliver
from tests.simulator.multi_region import MultiRegion
from tests.simulator.notices import Notices
from tests.simulator.stores import Stores
from tests.simulator.trades import Trades
from tests.simulator.traffic import Traffic
from tests.simulator.trails import Logging
from tests.simulator.vaults import Vaults

if TYPE_CHECKING:
    from pathlib import Path


class AwsSimulator(MultiRegion, Trades, Stores, Notices, Logging, Vaults, Traffic):
    """An AWS account in memory: verbs append records, nothing happens by itself.

    It holds no clock and no rules: what a call met (`error=`) and when (`at=`) is said by the test,
    so that it can tell of what AWS would not allow too. The same seed and calls give the same
    bytes.

        aws = AwsSimulator()
        key = aws.create_key("orders", at=0)
        orders = aws.create_db_instance("orders", key, at=timedelta(hours=1))
        aws.schedule_key_deletion(key, 7, at=timedelta(days=3), actor=role("cleanup", "pat"))
        aws.rds_event(orders, "RDS-EVENT-0418", at=timedelta(days=3))
        aws.payloads()
    """

    def deliver(self, directory: Path, *, habits: Habits | None = None) -> tuple[Path, ...]:
        """Write everything as AWS would deliver it (see `delivery.deliver`); return the files."""
        return deliver(self, directory, habits=habits)
