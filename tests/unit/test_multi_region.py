"""Multi-Region keys: which of them is the primary, and what reaches its relatives."""

from __future__ import annotations

from datetime import timedelta

from analyzer.answers.whatif import Changes, whatif
from analyzer.counterfactual.assumption import parse
from tests.replayed import Replayed
from tests.simulator.actors import user
from tests.simulator.handles import Key
from tests.simulator.world import AwsSimulator
from tests.situations import MALLORY, d, h

WEST, EAST = "us-west-2", "eu-west-1"
SECOND = "b" * 64


def family(origin: str = "AWS_KMS") -> tuple[AwsSimulator, Key, Key]:
    aws = AwsSimulator(seed=7)
    primary = aws.create_key("orders", at=d(-20), origin=origin, multi_region=True)
    if origin == "EXTERNAL":
        aws.import_key_material(primary, at=d(-20, 0, 5))
    return aws, primary, aws.replicate_key(primary, WEST, at=d(-19))


def state(aws: AwsSimulator, key: Key, at: timedelta | None = None) -> str:
    return str(Replayed(aws).key(key.arn, at)["state"])


def assumed(aws: AwsSimulator, *calls: str) -> dict[str, str | None]:
    """Assume calls; return until when each database that they touch could be saved, by name."""
    scope = Replayed(aws).scope()
    asked = Changes(assume=tuple(parse(call) for call in calls))
    said = whatif(scope, asked, scope.at, is_end=True)
    return {
        one["database"].rpartition(":")[2]: one["hypothetical"]["recoverable_until"]
        for one in said["changes"]
    }


def with_databases() -> tuple[AwsSimulator, Key, Key]:
    aws, east, west = family()
    aws.create_db_instance("home", east, at=d(-18), retention=0)
    aws.create_db_instance("away", west, at=d(-18), retention=0, region=WEST)
    return aws, east, west


def test_only_the_primary_key_waits_for_its_replicas() -> None:
    aws, east, west = with_databases()
    aws.schedule_key_deletion(west, 7, at=d(0))
    found = assumed(aws, f"ScheduleKeyDeletion {east.arn} 7d @ 2026-01-02T00:00:00Z")
    assert found == dict.fromkeys(("home", "away"), "2026-01-15T00:00:00Z")


def test_after_the_primary_has_moved_the_other_one_waits() -> None:
    aws, east, west = with_databases()
    aws.update_primary_region(east, WEST, at=d(-1))
    aws.schedule_key_deletion(east, 7, at=d(0))
    found = assumed(aws, f"ScheduleKeyDeletion {west.arn} 7d @ 2026-01-02T00:00:00Z")
    assert found == dict.fromkeys(("home", "away"), "2026-01-15T00:00:00Z")
    aws.schedule_key_deletion(west, 30, at=d(0, 1))
    found = assumed(aws, f"CancelKeyDeletion {east.arn} @ 2026-01-02T00:00:00Z")
    assert found["home"] is None


def test_a_living_key_is_not_limited_by_the_deletion_of_a_relative() -> None:
    aws, _, west = with_databases()
    aws.schedule_key_deletion(west, 7, at=d(0))
    found = Replayed(aws).explain("home", d(1))
    assert (found["verdict"], found["recoverable_until"]) == ("healthy", None)
    assert found["in_place"]["deadline"] is None


def test_one_assumption_builds_on_those_before_it() -> None:
    aws, east, west = with_databases()
    found = assumed(
        aws,
        f"ScheduleKeyDeletion {west.arn} 7d @ 2026-01-02T00:00:00Z",
        f"DeleteKey {west.arn} @ 2026-01-09T01:00:00Z",
        f"ScheduleKeyDeletion {east.arn} 7d @ 2026-01-10T00:00:00Z",
    )
    assert found["home"] == "2026-01-17T00:00:00Z"


def test_a_replica_with_several_materials_waits_for_all_of_them() -> None:
    aws, primary, _ = family("EXTERNAL")
    aws.import_key_material(primary, at=d(-18), material=SECOND, is_new=True)
    aws.rotate_key_on_demand(primary, at=d(-17))
    late = aws.replicate_key(primary, EAST, at=d(-16))
    aws.import_key_material(late, at=d(-15))
    assert state(aws, late) == "PendingImport"
    aws.import_key_material(late, at=d(-14), material=SECOND)
    assert state(aws, late) == "Enabled"


def test_what_waits_for_rotation_goes_from_the_replicas_with_the_primary() -> None:
    aws, primary, replica = family("EXTERNAL")
    aws.import_key_material(replica, at=d(-18))
    aws.import_key_material(primary, at=d(-17), material=SECOND, is_new=True)
    aws.import_key_material(replica, at=d(-16), material=SECOND, valid_to=d(-5), is_new=True)
    aws.delete_imported_key_material(primary, at=d(-15), material=SECOND)
    aws.import_key_material(primary, at=d(-14), material="c" * 64, is_new=True)
    aws.import_key_material(replica, at=d(-13), material="c" * 64, is_new=True)
    aws.rotate_key_on_demand(primary, at=d(-12))
    assert state(aws, replica, d(0)) == "Enabled"
    aws.delete_imported_key_material(replica, at=h(1), material="c" * 64)
    assert state(aws, replica, h(2)) == "PendingImport"


def test_a_moved_primary_is_the_same_key_with_the_same_state() -> None:
    aws, east, west = family()
    aws.update_primary_region(east, WEST, at=d(-1))
    for key in (east, west):
        assert state(aws, key) == "Enabled"
        assert not Replayed(aws).history.oddities(key.arn)
    for key, role in ((east, "a replica"), (west, "the primary key")):
        [told] = [
            one["effect"] for one in Replayed(aws).timeline(key.arn)["events"]
            if one["event_name"] == "UpdatePrimaryRegion" and one["region"] == key.region
        ]  # fmt: skip
        assert told == f"{role} of its family from now on; key stays Enabled"


def test_a_replica_that_is_made_again_had_been_deleted_though_no_record_says_so() -> None:
    aws, primary, replica = family()
    aws.schedule_key_deletion(replica, 7, at=d(-10))
    aws.replicate_key(primary, WEST, at=d(0))
    found = [span["state"] for span in Replayed(aws).timeline(replica.arn, d(1))["spans"]]
    assert found == ["Unknown", "Enabled", "PendingDeletion", "Deleted", "Enabled"]
    assert state(aws, replica, d(-2)) == "Deleted"


def test_what_nobody_can_replicate_is_lost_with_the_last_of_the_family() -> None:
    aws, primary, replica = with_databases()
    aws.schedule_key_deletion(replica, 7, at=d(0))
    aws.delete_key(replica, at=d(7, 1))
    aws.schedule_key_deletion(primary, 7, at=d(8), actor=user("mallory"))
    aws.delete_key(primary, at=d(15, 1))
    replayed = Replayed(aws)
    assert replayed.explain("away", d(10))["verdict"] == "at-risk"  # it has no backups
    found = replayed.explain("away", d(16))
    assert found["verdict"] == "unrecoverable"
    assert found["unrecoverable"]["since"] == replayed.time(d(15, 1))
    assert found["cause"]["event_name"] == "DeleteKey"
    assert found["root_cause"]["actor"] == MALLORY
    assert found["recoverable_until"] == replayed.time(d(15))


def test_a_key_is_deleted_once_in_what_comes_whatever_becomes_of_its_relatives() -> None:
    aws, east, west = with_databases()
    aws.schedule_key_deletion(west, 7, at=d(0))
    aws.schedule_key_deletion(east, 7, at=d(0), waits_for_replicas=True)
    replayed = Replayed(aws)
    for key, due in ((west, d(7)), (east, d(14))):
        coming = replayed.timeline(key.arn, d(1))["forecast"]
        assert [(one["what"], one["at"]) for one in coming] == [("key-deleted", replayed.time(due))]
