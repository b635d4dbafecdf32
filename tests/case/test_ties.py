"""Time as it is delivered: ties within a second, late arrivals, and AWS's own inconsistency."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.case.casework import Bench
from tests.replayed import Replayed
from tests.simulator import faults
from tests.simulator.world import AwsSimulator
from tests.situations import d, h, lose, made, schedule


def numbered(aws: AwsSimulator, names: tuple[str, ...]) -> None:
    """Give the last records event ids that sort in the order of *names*."""
    last = {record["eventName"]: record for record in aws.records[-len(names) :]}
    for number, name in enumerate(names):
        last[name]["eventID"] = f"{number:08d}-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "order", list(permutations(("CancelKeyDeletion", "EnableKey", "ScheduleKeyDeletion")))
)
def test_within_a_second_the_order_is_one_that_aws_allows(order: tuple[str, ...]) -> None:
    setup = made()
    setup.aws.schedule_key_deletion(setup.key, 7, at=d(0))
    setup.aws.cancel_key_deletion(setup.key, at=d(0))
    setup.aws.enable_key(setup.key, at=d(0))
    numbered(setup.aws, order)
    replayed = Replayed(setup.aws)
    # Enabling first is allowed too, and then the event ids decide; cancelling never comes first.
    enabled_first = order.index("EnableKey") < order.index("ScheduleKeyDeletion")
    expected = "Disabled" if enabled_first else "Enabled"
    assert replayed.key(setup.key.arn)["state"] == expected
    assert replayed.history.oddities(setup.key.arn) == ()


def test_where_two_orders_are_allowed_the_event_ids_decide() -> None:
    for order, state in (
        (("DisableKey", "EnableKey"), "Enabled"),
        (("EnableKey", "DisableKey"), "Disabled"),
    ):
        setup = made()
        setup.aws.disable_key(setup.key, at=d(0))
        setup.aws.enable_key(setup.key, at=d(0))
        numbered(setup.aws, order)
        assert Replayed(setup.aws).key(setup.key.arn)["state"] == state


def test_more_records_of_one_second_than_are_tried_still_fit() -> None:
    setup = made()
    for _ in range(6):
        setup.aws.disable_key(setup.key, at=d(0))
        setup.aws.enable_key(setup.key, at=d(0))
    setup.aws.schedule_key_deletion(setup.key, 7, at=d(0))
    setup.aws.cancel_key_deletion(setup.key, at=d(0))
    replayed = Replayed(setup.aws)
    assert replayed.history.oddities(setup.key.arn) == ()
    assert replayed.key(setup.key.arn)["state"] != "PendingDeletion"


def test_at_one_moment_the_key_moves_before_the_database_does() -> None:
    setup = made()
    lose(setup)
    setup.aws.enable_key(setup.key, at=h(5))
    setup.aws.start_db_instance(setup.db, at=h(5))
    found = Replayed(setup.aws).explain("orders", d(9))
    assert (found["verdict"], found["in_place"]["status"]) == ("healthy", "available")


def test_a_success_within_five_minutes_after_the_key_was_disabled_is_no_contradiction() -> None:
    for minutes, is_odd in ((4, False), (6, True)):
        setup = made()
        setup.aws.disable_key(setup.key, at=d(0))
        setup.aws.create_db_instance("late", setup.key, at=d(0, 0, minutes))
        replayed = Replayed(setup.aws)
        assert bool(replayed.history.oddities(setup.key.arn)) is is_odd, minutes
        assert replayed.key(setup.key.arn)["state"] == "Disabled"


def test_a_late_cancellation_takes_back_a_verdict_and_known_at_still_shows_it(
    bench: Bench,
) -> None:
    setup = made()
    schedule(setup)
    setup.aws.rds_event(setup.db, "RDS-EVENT-0419", at=h(2))
    setup.aws.cancel_key_deletion(setup.key, at=d(6))
    payloads = setup.aws.payloads()
    [late] = [payload for payload in payloads if b"CancelKeyDeletion" in payload]
    bench.feed(*(payload for payload in payloads if payload != late))
    known = bench.case.ledger.size
    at = Replayed(setup.aws).time(d(9))
    assert bench.explain(at)["verdict"] == "unrecoverable"
    bench.feed(late)
    assert bench.explain(at)["verdict"] == "recoverable-with-action"
    before = bench.explain(at, f"#{known}")
    assert before["verdict"] == "unrecoverable"
    assert before["known_at"] == known


def test_a_back_dated_attempt_that_failed_changes_nothing_but_what_is_listed(bench: Bench) -> None:
    setup = made()
    schedule(setup)
    payloads = setup.aws.payloads()
    setup.aws.cancel_key_deletion(setup.key, at=d(1), error=faults.ACCESS_DENIED)
    bench.feed(*payloads)
    at = Replayed(setup.aws).time(d(9))
    first = bench.explain(at)
    bench.feed(setup.aws.payloads()[-2])
    again = bench.explain(at)
    assert first["verdict"] == again["verdict"] == "unrecoverable"
    assert first["unrecoverable"] == again["unrecoverable"]
