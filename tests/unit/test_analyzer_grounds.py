"""Grounds: whatever no record states names the rule by which it was concluded, and the era."""

from __future__ import annotations

from datetime import datetime

from analyzer.grounds import SOURCES, Ground
from tests.replayed import Replayed
from tests.simulator.world import AwsSimulator
from tests.situations import TERM, d, h, lose, made, schedule


def test_every_rule_has_a_source() -> None:
    assert set(SOURCES) == set(Ground)


def test_a_verdict_names_the_rules_that_it_rests_on_with_their_era() -> None:
    setup = made()
    schedule(setup)
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(8))["rests_on"]
    assert [(one["statement"], one["rule"], one["era"]) for one in found] == [
        ("in_place", "terminal-after-seven-days", "two-hours"),
        ("in_place.terminal_at", "terminal-after-seven-days", "two-hours"),
        ("unrecoverable", "key-deletion-date", None),
    ]
    assert all(one["source"] for one in found)
    spans = [(one["state"], one["rule"]) for one in replayed.timeline("orders", d(8))["spans"]]
    assert (TERM, "terminal-after-seven-days") in spans
    assert replayed.key(setup.key.arn, d(8))["rule"] == "key-deletion-date"


def test_what_a_record_states_names_none() -> None:
    setup = made()
    lose(setup)
    setup.aws.rds_event(setup.db, "RDS-EVENT-0419", at=h(2))
    replayed = Replayed(setup.aws)
    assert replayed.database("orders", h(3))["rule"] is None
    assert replayed.key(setup.key.arn, h(3))["rule"] is None


def test_an_old_loss_names_the_era_of_its_day() -> None:
    aws = AwsSimulator(seed=7, start=datetime.fromisoformat("2021-05-01T00:00:00+00:00"))
    key = aws.create_key("orders", at=d(-20))
    aws.create_db_instance("orders", key, at=d(-19))
    aws.disable_key(key, at=d(0))
    [first, *_] = Replayed(aws).explain("orders", h(1))["rests_on"]
    assert (first["rule"], first["era"]) == ("inaccessible-after-loss", "terminal-at-once")
