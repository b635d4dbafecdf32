"""What RDS says by itself: told by id or by message, and what it takes back."""

from __future__ import annotations

import pytest

from analyzer.history.history import History
from analyzer.reader import decode, read
from analyzer.resource import Fact
from analyzer.resources.rds_messages import event_id_of
from tests.replayed import Replayed
from tests.simulator import spelled
from tests.simulator.messages import MESSAGES, MESSAGES_OF_MORE
from tests.simulator.world import AwsSimulator
from tests.situations import REC, TERM, Setup, conditions, d, h, lose, made, statuses

EVERY = {**MESSAGES, **MESSAGES_OF_MORE}


@pytest.fixture
def setup() -> Setup:
    return made()


@pytest.mark.parametrize("event_id", sorted(EVERY))
def test_a_documented_message_is_told_from_every_other(event_id: str) -> None:
    assert event_id_of(EVERY[event_id].text.format(name="orders")) == event_id


def test_rows_of_describe_events_say_the_same_as_events(setup: Setup) -> None:
    lose(setup)
    setup.aws.rds_event(setup.db, "RDS-EVENT-0419", at=h(2))
    rows = [spelled(row) for row in setup.aws.describe_events()["Events"]]
    records = [spelled(record) for record in setup.aws.records]
    replayed = Replayed(setup.aws)
    straight = replayed.explain("orders", d(1))
    decoded = [decode(known) for i, row in enumerate([*records, *rows]) if (known := read(i, row))]
    replayed.history = History(one for one in decoded if isinstance(one, Fact))
    found = replayed.explain("orders", d(1))
    assert (found["in_place"], found["verdict"]) == (straight["in_place"], straight["verdict"])
    assert found["in_place"]["basis"] == "observed"


@pytest.mark.parametrize(("event_id", "named"), [("0061", "copy"), ("0190", "source")])
def test_a_cancelled_copy_of_a_snapshot_does_not_count(
    setup: Setup, event_id: str, named: str
) -> None:
    other = setup.aws.create_key(at=d(-20))
    source = setup.aws.create_db_snapshot(setup.db, "weekly", at=d(-5))
    setup.aws.copy_db_snapshot(source, "old", other, at=d(-4))
    copy = setup.aws.copy_db_snapshot(source, "new", other, at=d(-3))
    about = copy if named == "copy" else source
    setup.aws.rds_event(about, f"RDS-EVENT-{event_id}", at=d(-3, 1))
    found = Replayed(setup.aws).explain("orders", d(0))
    held = {one["id"].rpartition(":")[2]: one["condition"] for one in found["copies"]}
    assert (held["weekly"], held["old"], held["new"]) == ("usable", "usable", "gone")


def test_the_deletion_of_a_snapshot_that_rds_tells_too_is_one_deletion(setup: Setup) -> None:
    snapshot = setup.aws.create_db_snapshot(setup.db, "weekly", at=d(-5))
    lone = setup.aws.create_db_snapshot(setup.db, "lone", at=d(-5))
    setup.aws.delete_db_snapshot(snapshot, at=d(-3))
    setup.aws.rds_event(snapshot, "RDS-EVENT-0041", at=d(-3, 0, 1))
    setup.aws.rds_event(lone, "RDS-EVENT-0041", at=d(-2))
    found = Replayed(setup.aws).explain("orders", d(0))
    causes = [
        (one["condition"], one["cause"]["event_name"])
        for one in found["copies"]
        if one["kind"] == "snapshot"
    ]
    assert causes == [("gone", "RDS-EVENT-0041"), ("gone", "DeleteDBSnapshot")]


@pytest.mark.parametrize("event_id", ["0159", "0160"])
def test_an_export_that_failed_holds_nothing(setup: Setup, event_id: str) -> None:
    snapshot = setup.aws.create_db_snapshot(setup.db, "weekly", at=d(-5))
    setup.aws.start_export_task(snapshot, "first", setup.key, at=d(-4))
    setup.aws.rds_event(snapshot, "RDS-EVENT-0161", at=d(-4, 1))
    setup.aws.start_export_task(snapshot, "second", setup.key, at=d(-3))
    setup.aws.rds_event(snapshot, f"RDS-EVENT-{event_id}", at=d(-3, 1))
    found = Replayed(setup.aws).explain("orders", d(0))
    exports = {one["id"]: one["condition"] for one in found["copies"] if one["kind"] == "export"}
    assert exports == {"export:first": "usable", "export:second": "gone"}


def of_cluster() -> tuple[AwsSimulator, Replayed]:
    aws = AwsSimulator(seed=7)
    cluster = aws.create_db_cluster("shop", aws.create_key("shop", at=d(-20)), at=d(-19))
    aws.stop_db_cluster(cluster, at=d(-1))
    aws.rds_event(cluster, "RDS-EVENT-0152", at=d(-1, 0, 5))
    return aws, Replayed(aws)


def test_a_cluster_whose_stop_failed_runs_on() -> None:
    _, replayed = of_cluster()
    assert replayed.explain("shop", d(-1, 0, 1))["in_place"]["status"] == "stopping"
    assert statuses(replayed, "shop", d(0))[-1] == (replayed.time(d(-1, 0, 5)), "available")


def test_the_clock_runs_on_too_if_its_key_was_lost_meanwhile() -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("shop", at=d(-20))
    cluster = aws.create_db_cluster("shop", key, at=d(-19))
    aws.stop_db_cluster(cluster, at=d(0))
    aws.disable_key(key, at=d(0, 0, 2))
    aws.rds_event(cluster, "RDS-EVENT-0152", at=d(0, 0, 5))
    replayed = Replayed(aws)
    assert replayed.explain("shop", h(1))["in_place"]["status"] == REC
    assert replayed.explain("shop", d(8))["in_place"]["status"] == TERM


@pytest.mark.parametrize(
    ("event_id", "basis"),
    [("0020", "derived"), ("0052", "derived"), ("0012", "inferred"), ("0422", "inferred")],
)
def test_without_backups_another_host_ends_access(event_id: str, basis: str) -> None:
    setup = made(retention=0)
    lose(setup, notice=False)
    setup.aws.rds_event(setup.db, f"RDS-EVENT-{event_id}", at=d(1))
    replayed = Replayed(setup.aws)
    found = replayed.explain("orders", d(2))
    assert (found["in_place"]["status"], found["in_place"]["basis"]) == (REC, basis)
    assert found["in_place"]["since"] == replayed.time(d(1))
    assert found["rests_on"][0]["rule"] == "volume-detached"


def test_maintenance_at_once_may_replace_the_host_and_what_is_put_off_does_not() -> None:
    for action, status in (("system-update", REC), ("db-upgrade", "available")):
        setup = made(retention=0)
        lose(setup, notice=False)
        setup.aws.apply_maintenance(setup.db, action, at=d(1))
        assert Replayed(setup.aws).explain("orders", d(2))["in_place"]["status"] == status
    setup = made(retention=0)
    lose(setup, notice=False)
    record = setup.aws.apply_maintenance(setup.db, "system-update", at=d(1))
    record["requestParameters"]["optInType"] = "next-maintenance"
    assert Replayed(setup.aws).explain("orders", d(2))["in_place"]["status"] == "available"


def test_an_instance_that_failed_is_gone_and_its_backups_are_not(setup: Setup) -> None:
    setup.aws.rds_event(
        setup.db, "RDS-EVENT-0031", at=d(0), message="DB instance put into failed state."
    )
    found = Replayed(setup.aws).explain("orders", d(1))
    assert found["in_place"]["status"] == "failed"
    assert conditions(found) == {"volume": "gone", "automated-backup": "usable"}
    assert [one["do"] for one in found["actions"]] == ["RestoreDBInstanceToPointInTime"]


def test_an_instance_that_never_came_to_be_has_no_backups(setup: Setup) -> None:
    setup.aws.rds_event(setup.db, "RDS-EVENT-0278", at=d(-19, 0, 20))
    found = Replayed(setup.aws).explain("orders", d(0))
    assert set(conditions(found).values()) == {"gone"}


def test_a_tenant_database_may_leave_a_snapshot_of_the_whole(setup: Setup) -> None:
    setup.aws.delete_tenant_database(setup.db, "ONE", at=d(-3))
    setup.aws.delete_tenant_database(setup.db, "TWO", "before-two-went", at=d(-2))
    found = Replayed(setup.aws).explain("orders", d(0))
    [kept] = [one for one in found["copies"] if one["kind"] == "snapshot"]
    assert kept["id"].endswith(":snapshot:before-two-went")
    assert (kept["condition"], kept["key"]) == ("usable", setup.key.arn)


def test_members_of_a_renamed_global_database_stay_together() -> None:
    aws = AwsSimulator(seed=7)
    key, far = aws.create_key(at=d(-20)), aws.create_key(at=d(-20), region="eu-west-1")
    primary = aws.create_db_cluster("shop", key, at=d(-19))
    aws.create_global_cluster("globe", primary, at=d(-18))
    aws.rename_global_cluster("globe", "world", at=d(-17))
    secondary = aws.create_db_cluster(
        "shop-eu", far, at=d(-16), region="eu-west-1", global_cluster="world"
    )
    found = Replayed(aws).explain("shop", d(0))
    [copy] = [one for one in found["copies"] if one["kind"] == "global-secondary"]
    assert copy["id"] == secondary.arn
