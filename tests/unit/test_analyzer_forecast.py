"""Forecasts: what comes if nobody acts, with dates; and what silence takes from a verdict."""

from __future__ import annotations

from typing import Any

import pytest

from tests.replayed import Replayed
from tests.simulator.world import AwsSimulator
from tests.situations import Setup, d, h, lose, made, schedule

DOOM = ["database-inaccessible", "key-deleted", "database-unrecoverable", "database-terminal"]


@pytest.fixture
def setup() -> Setup:
    return made()


def told(forecast: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["at"], one["what"], one["basis"]) for one in forecast]


def test_state_and_timeline_and_explain_tell_the_same_of_one_database(setup: Setup) -> None:
    schedule(setup)
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", h(1))["forecast"]
    assert told(found) == [
        (replayed.time(h(2)), "database-inaccessible", "derived"),
        (replayed.time(d(7)), "key-deleted", "inferred"),
        (replayed.time(d(7)), "database-unrecoverable", "inferred"),
        (replayed.time(d(7, 2)), "database-terminal", "derived"),
    ]
    assert replayed.timeline("orders", h(1))["forecast"] == found
    assert replayed.state(h(1))["forecast"] == found
    of_key = replayed.timeline(setup.key.arn, h(1))["forecast"]
    assert told(of_key) == [(replayed.time(d(7)), "key-deleted", "inferred")]


def test_a_forecast_assumes_nothing_that_came_later(setup: Setup) -> None:
    schedule(setup)
    setup.aws.cancel_key_deletion(setup.key, at=d(1))
    setup.aws.enable_key(setup.key, at=d(1, 1))
    setup.aws.start_db_instance(setup.db, at=d(1, 2))
    replayed = Replayed(setup.aws)
    assert [one["what"] for one in replayed.state(h(1))["forecast"]] == DOOM
    assert replayed.state(d(2))["forecast"] == []


def test_what_has_happened_is_no_forecast(setup: Setup) -> None:
    schedule(setup)
    replayed = Replayed(setup.aws)
    assert [one["what"] for one in replayed.explain("orders", d(3))["forecast"]] == DOOM[1:]
    assert replayed.explain("orders", d(9))["forecast"] == []


def test_expiries_and_starts_are_foreseen_too() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key(at=d(-20), origin="EXTERNAL")
    aws.import_key_material(key, at=d(-20, 1), valid_to=d(5))
    kept = aws.create_db_instance("kept", key, at=d(-19))
    stopped = aws.create_db_instance("stopped", key, at=d(-19))
    aws.delete_db_instance(kept, at=d(-1), delete_automated_backups=False)
    aws.stop_db_instance(stopped, at=d(-1))
    replayed = Replayed(aws)
    assert ("backup-expired", "derived") in {
        (one["what"], one["basis"]) for one in replayed.explain("kept", d(0))["forecast"]
    }
    found = replayed.explain("stopped", d(0))["forecast"]
    assert (replayed.time(d(6)), "database-started") not in [(o["at"], o["what"]) for o in found]
    assert (replayed.time(d(5)), "key-material-expired", "inferred") in told(found)


def test_a_silent_trail_lowers_what_clocks_conclude_and_the_loss_with_it(setup: Setup) -> None:
    bare = made(retention=0)
    for one in (setup, bare):
        lose(one)
        one.aws.rds_event(one.db, "RDS-EVENT-0419", at=h(2))
        one.aws.stop_logging(at=d(1))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(8))["in_place"]
    assert (found["since"], found["basis"]) == (replayed.time(d(7, 2)), "inferred")
    lost = Replayed(bare.aws).explain("orders", d(8))
    assert lost["verdict"] == "unrecoverable"
    assert lost["unrecoverable"]["basis"] == "inferred"
    assert any("StopLogging" in note for note in lost["notes"])


def test_a_verdict_across_silence_says_so_even_if_it_is_a_good_one(setup: Setup) -> None:
    setup.aws.stop_logging(at=d(-5))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(0))
    assert found["verdict"] == "healthy"
    assert any("as far as records tell" in note for note in found["notes"])
    setup.aws.modify_db_instance(setup.db, retention=8, at=d(-1))
    later = Replayed(setup.aws).explain("orders", d(0))
    assert not any("as far as records tell" in note for note in later["notes"])


def test_what_silence_makes_of_a_clock_is_not_put_down_to_a_change_of_host(setup: Setup) -> None:
    lose(setup, notice=False)
    setup.aws.stop_logging(at=h(1))
    found = Replayed(setup.aws).explain("orders", d(8))
    assert found["in_place"]["basis"] == "inferred"
    told_of = "\n".join(found["notes"])
    assert "host let go of the volume" not in told_of
    assert "No RDS event dates the loss of access" in told_of


def test_of_a_cluster_no_two_hours_are_told() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("shop", at=d(-20))
    aws.create_db_cluster("shop", key, at=d(-19))
    aws.disable_key(key, at=d(0))
    told_of = "\n".join(Replayed(aws).explain("shop", d(1))["notes"])
    assert "no document names a delay" in told_of
    assert "AWS counts two hours" not in told_of
