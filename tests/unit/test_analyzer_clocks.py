"""The two clocks where the truth table is silent: bounds, late evidence, records that overrule."""

from __future__ import annotations

from tests.replayed import Replayed
from tests.simulator import faults
from tests.simulator.world import AwsSimulator
from tests.situations import REC, TERM, d, h, lose, made, schedule, statuses


def test_without_rds_events_the_earliest_documented_moment_is_used_and_labelled() -> None:
    setup = made()
    lose(setup, notice=False)
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", h(3))["in_place"]
    assert (found["status"], found["basis"]) == (REC, "bounded")
    assert found["since"] == found["earliest"] == replayed.time(h(2))
    assert found["latest"] is None
    assert found["terminal_at"] == replayed.time(d(7, 2))
    assert any("earliest documented" in note for note in replayed.explain("orders", h(3))["notes"])


def test_a_late_detection_moves_the_entry() -> None:
    setup = made()
    lose(setup, notice=False)
    setup.aws.rds_event(setup.db, "RDS-EVENT-0418", at=h(3))
    replayed = Replayed(setup.aws)
    assert statuses(replayed, "orders", d(9))[-2:] == [
        (replayed.time(h(5)), REC),
        (replayed.time(d(7, 5)), TERM),
    ]
    assert replayed.explain("orders", h(6))["in_place"]["basis"] == "derived"


def test_rds_event_0419_dates_the_entry_by_itself() -> None:
    setup = made()
    lose(setup)
    setup.aws.rds_event(setup.db, "RDS-EVENT-0419", at=h(4))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", h(5))["in_place"]
    assert (found["status"], found["basis"]) == (REC, "observed")
    assert found["since"] == replayed.time(h(4))
    assert replayed.explain("orders", h(3))["in_place"]["status"] == "available"


def test_a_reboot_shows_that_the_instance_still_served() -> None:
    setup = made()
    lose(setup, notice=False)
    setup.aws.reboot_db_instance(setup.db, at=h(9))
    replayed = Replayed(setup.aws)
    assert replayed.explain("orders", h(8))["in_place"]["status"] == "available"
    found = replayed.explain("orders", h(10))["in_place"]
    assert (found["status"], found["basis"]) == (REC, "bounded")
    assert found["earliest"] == replayed.time(h(9))


def test_work_after_the_key_came_back_shows_that_access_was_never_cut() -> None:
    setup = made()
    lose(setup, notice=False)
    setup.aws.enable_key(setup.key, at=h(6))
    setup.aws.modify_db_instance(setup.db, retention=9, at=h(30))
    replayed = Replayed(setup.aws)
    assert {status for _, status in statuses(replayed, "orders", d(20))} == {"available"}


def test_a_start_that_succeeds_late_shows_that_the_seven_days_had_not_run_out() -> None:
    setup = made()
    lose(setup, notice=False)
    setup.aws.enable_key(setup.key, at=d(7, 4))
    setup.aws.start_db_instance(setup.db, at=d(7, 5))
    replayed = Replayed(setup.aws)
    assert TERM not in {status for _, status in statuses(replayed, "orders", d(20))}
    assert replayed.explain("orders", d(20))["verdict"] == "healthy"


def test_at_the_very_moment_of_the_deadline_the_record_counts_first() -> None:
    setup = made()
    lose(setup)
    setup.aws.enable_key(setup.key, at=d(7))
    setup.aws.start_db_instance(setup.db, at=d(7, 2))
    assert Replayed(setup.aws).explain("orders", d(9))["verdict"] == "healthy"


def test_a_second_loss_starts_new_clocks() -> None:
    setup = made()
    lose(setup)
    setup.aws.enable_key(setup.key, at=h(1))
    setup.aws.rds_event(setup.db, "RDS-EVENT-0420", at=h(1))
    lose(setup, at=d(3))
    replayed = Replayed(setup.aws)
    assert statuses(replayed, "orders", d(20))[-2:] == [
        (replayed.time(d(3, 2)), REC),
        (replayed.time(d(10, 2)), TERM),
    ]


def test_a_deletion_that_was_scheduled_on_a_disabled_key_does_not_restart_the_clock() -> None:
    setup = made()
    lose(setup)
    schedule(setup, at=d(1), notice=False)
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(2))
    assert found["in_place"]["access_lost_at"] == replayed.time(d(0))
    assert found["in_place"]["terminal_at"] == replayed.time(d(7, 2))
    assert found["root_cause"]["event_name"] == "DisableKey"
    assert [one["event_name"] for one in found["chain"]] == [
        "DisableKey",
        "RDS-EVENT-0418",
        "ScheduleKeyDeletion",
    ]
    assert found["recoverable_until"] == replayed.time(d(8))


def test_an_instance_that_is_stopped_during_the_loss_keeps_no_documented_clock() -> None:
    setup = made()
    lose(setup, notice=False)
    setup.aws.stop_db_instance(setup.db, at=h(1))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(9))
    assert found["in_place"]["status"] == "stopped"
    assert found["verdict"] == "recoverable-with-action"
    assert any("stopped" in note for note in found["notes"])


def test_a_loss_that_only_rds_tells_of_has_an_unknown_cause_and_says_so() -> None:
    setup = made()
    setup.aws.rds_event(setup.db, "RDS-EVENT-0418", at=d(0))
    setup.aws.rds_event(setup.db, "RDS-EVENT-0419", at=h(2))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(1))
    assert found["in_place"]["status"] == REC
    assert found["root_cause"]["event_name"] == "RDS-EVENT-0418"
    assert any("outside of CloudTrail" in note for note in found["notes"])


def test_rds_event_0031_names_the_status_itself() -> None:
    setup = made()
    lose(setup)
    message = f"DB instance put into {TERM} state. RDS recommends that you restore it."
    setup.aws.rds_event(setup.db, "RDS-EVENT-0031", at=h(3), message=message)
    found = Replayed(setup.aws).explain("orders", h(4))["in_place"]
    assert (found["status"], found["basis"]) == (TERM, "observed")


def test_a_database_from_before_the_ledger_is_unknown_until_a_record_shows_it() -> None:
    setup = made()
    setup.aws.records.clear()
    setup.aws.reboot_db_instance(setup.db, at=d(0))
    replayed = Replayed(setup.aws)
    spans = replayed.timeline("orders")["spans"]
    assert spans[0]["from"] is None
    assert [span["state"] for span in spans] == ["unknown", "available"]
    assert replayed.explain("orders", d(-1))["verdict"] == "unknown"


def test_a_name_in_a_failed_call_makes_no_database() -> None:
    setup = made()
    missing = faults.Fault("DBInstanceNotFound", "no such instance")
    asked = {"dBInstanceIdentifier": "ordesr"}
    setup.aws.record("rds", "StartDBInstance", at=d(0), request=asked, error=missing)
    assert len(Replayed(setup.aws).history.groups.database_facts) == 1


def test_a_read_replica_cannot_stop_and_ends_terminal_at_once() -> None:
    setup = made()
    setup.aws.create_read_replica(setup.db, "orders-replica", at=d(-3))
    setup.aws.modify_db_instance(setup.db, retention=8, at=d(-2))
    lose(setup)
    replayed = Replayed(setup.aws)
    assert statuses(replayed, "orders-replica", d(3))[-1][1] == TERM


def test_a_source_whose_only_replica_was_promoted_can_stop_again() -> None:
    setup = made()
    replica = setup.aws.create_read_replica(setup.db, "orders-replica", at=d(-3))
    setup.aws.promote_read_replica(replica, at=d(-2))
    lose(setup)
    assert statuses(Replayed(setup.aws), "orders", d(3))[-1][1] == REC


def test_a_stopping_instance_with_a_usable_key_is_healthy() -> None:
    setup = made()
    setup.aws.stop_db_instance(setup.db, at=d(0))
    setup.aws.rds_event(setup.db, "RDS-EVENT-0087", at=h(1))
    found = Replayed(setup.aws).explain("orders", d(0))
    assert (found["in_place"]["status"], found["verdict"]) == ("stopping", "healthy")


def test_a_loss_that_was_over_before_the_creation_is_none_of_the_databases() -> None:
    setup = made()
    setup.aws.disable_key(setup.key, at=d(1))
    setup.aws.enable_key(setup.key, at=d(1, 1))
    later = setup.aws.create_db_instance("later", setup.key, at=d(3))
    setup.aws.delete_db_instance(later, final_snapshot="last", at=d(5))
    found = Replayed(setup.aws).explain("later", d(6))
    assert found["root_cause"]["event_name"] == "DeleteDBInstance"
    assert found["in_place"]["access_lost_at"] is None


def test_sql_server_without_backups_stays_until_its_volume_is_detached() -> None:
    setup = made(retention=0, engine="sqlserver-se", multi_az=True)
    schedule(setup)
    found = Replayed(setup.aws).explain("orders", h(3))
    assert (found["in_place"]["status"], found["verdict"]) == ("available", "at-risk")


def test_rdss_own_word_dates_the_start_after_seven_stopped_days() -> None:
    setup = made()
    setup.aws.stop_db_instance(setup.db, at=d(-10))
    setup.aws.rds_event(setup.db, "RDS-EVENT-0154", at=d(-3, 0, 3))
    replayed = Replayed(setup.aws)
    assert replayed.explain("orders", d(-3, 0, 1))["in_place"]["status"] == "stopped"
    assert replayed.explain("orders", d(-3, 0, 3))["in_place"]["basis"] == "observed"


def test_what_rds_says_of_a_second_loss_shows_that_the_first_one_passed_by() -> None:
    for event_id in ("RDS-EVENT-0418", "RDS-EVENT-0419"):
        setup = made()
        lose(setup, notice=False)
        setup.aws.enable_key(setup.key, at=h(10))
        lose(setup, at=d(6), notice=False)
        setup.aws.rds_event(setup.db, event_id, at=d(7, 9))
        replayed = Replayed(setup.aws)
        assert replayed.explain("orders", d(5))["verdict"] == "healthy", event_id
        assert replayed.explain("orders", d(7, 12))["in_place"]["status"] == REC, event_id


def test_a_database_of_which_only_a_snapshot_tells_has_its_name_and_served_then() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20))
    db = aws.create_db_instance("orders", key, at=d(-19))
    cluster = aws.create_db_cluster("shop", key, at=d(-19))
    aws.records.clear()
    aws.create_db_snapshot(db, "one", at=d(-1))
    aws.create_db_cluster_snapshot(cluster, "two", at=d(-1))
    aws.disable_key(key, at=d(0))
    replayed = Replayed(aws)
    for name, kind in (("orders", "instance"), ("shop", "cluster")):
        before, found = replayed.explain(name, d(-2)), replayed.explain(name, d(-1))
        assert (before["verdict"], before["in_place"]["status"]) == ("unknown", "unknown")
        assert (found["kind"], found["in_place"]["status"]) == (kind, "available")
    assert replayed.explain("orders", h(1))["verdict"] == "at-risk"


def test_sql_server_that_was_taken_out_of_multi_az_can_stop() -> None:
    setup = made(engine="sqlserver-se", multi_az=True)
    setup.aws.modify_db_instance(setup.db, at=d(-5), request={"multiAZ": False})
    lose(setup)
    assert Replayed(setup.aws).explain("orders", h(3))["in_place"]["status"] == REC
