"""The truth table: other keys of an instance, and what records show late, twice or never.

One test a row, named by row number.
"""

from __future__ import annotations

from typing import Any

from analyzer.history.history import History
from tests.replayed import Replayed, facts_of
from tests.simulator.world import AwsSimulator
from tests.situations import REC, TERM, Setup, conditions, d, h, schedule


def test_row_53_the_performance_insights_key_is_not_the_storage_key() -> None:
    aws = AwsSimulator(seed=7)
    key, insights = aws.create_key("orders", at=d(-20)), aws.create_key("insights", at=d(-20))
    asked = {"enablePerformanceInsights": True, "performanceInsightsKMSKeyId": insights.arn}
    aws.create_db_instance("orders", key, at=d(-19), request=asked)
    aws.schedule_key_deletion(insights, 7, at=d(0))
    aws.delete_key(insights, at=d(7, 3))
    replayed = Replayed(aws)
    assert replayed.key(insights.arn)["state"] == "Deleted"
    assert replayed.explain("orders")["verdict"] == "healthy"
    assert replayed.explain("orders")["key"] == key.arn
    assert set(conditions(replayed.explain("orders")).values()) == {"usable"}


def test_row_55_late_and_doubled_deliveries_change_nothing(setup: Setup) -> None:
    schedule(setup)
    setup.aws.delete_key(setup.key, at=d(7, 3))
    straight = Replayed(setup.aws).explain("orders")
    payloads = setup.aws.payloads()
    shuffled = [*reversed(payloads), payloads[-1]]
    replayed = Replayed(setup.aws)
    replayed.history = History(facts_of(shuffled))
    turned = replayed.explain("orders")
    assert without_entries(turned) == without_entries(straight)
    assert turned["cause"]["event_name"] == "DeleteKey"
    assert turned["unrecoverable"]["since"] == replayed.time(d(7, 3))
    deleted = [one["state"] for one in replayed.timeline(setup.key.arn)["spans"]]
    assert deleted == ["Unknown", "Enabled", "PendingDeletion", "Deleted"]


def without_entries(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_entries(held) for name, held in value.items() if name != "entry"}
    return [without_entries(held) for held in value] if isinstance(value, list) else value


def test_row_57_a_deletion_that_no_record_shows_is_inferred(setup: Setup) -> None:
    schedule(setup)
    setup.aws.rds_event(setup.db, "RDS-EVENT-0419", at=h(2))
    setup.aws.stop_logging(at=d(1))
    replayed = Replayed(setup.aws)
    key = replayed.key(setup.key.arn, d(8, 1))
    assert (key["state"], key["basis"]) == ("Deleted", "inferred")
    found = replayed.explain("orders", d(8, 1))
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"] == {
        "since": replayed.time(d(7)),
        "earliest": replayed.time(d(7)),
        "latest": replayed.time(d(8)),
        "basis": "inferred",
    }
    assert found["cause"]["event_name"] == "ScheduleKeyDeletion"
    assert found["in_place"]["status"] == TERM
    assert found["in_place"]["basis"] == "inferred"
    assert any("StopLogging" in note for note in found["notes"])
    assert any("inferred" in note for note in found["notes"])


def test_row_56_a_suspended_account_shows_only_in_what_rds_says(setup: Setup) -> None:
    setup.aws.rds_event(setup.db, "RDS-EVENT-0419", at=d(0))
    found = Replayed(setup.aws).explain("orders", d(1))
    assert found["in_place"]["status"] == REC
    assert found["verdict"] == "unknown"
    assert found["unrecoverable"] is None
    # Nothing tells a suspended account from a key that was lost outside of AWS.
    assert set(conditions(found).values()) == {"unknown"}
    assert any("outside of CloudTrail" in note for note in found["notes"])
