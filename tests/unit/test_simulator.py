"""The simulator: what the other tests rest on."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from analyzer import moment
from tests.simulator import AwsSimulator, Json, internal, on_behalf, role, root, service, user
from tests.simulator.faults import KEY_NOT_ACCESSIBLE
from tests.simulator.samples import build
from tests.simulator.times import T0, iso, us_text, us_text_24, utc

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = timedelta(days=1)
ALWAYS = (
    "eventVersion",
    "userIdentity",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "requestParameters",
    "responseElements",
    "eventID",
    "readOnly",
    "eventType",
    "managementEvent",
    "recipientAccountId",
    "eventCategory",
)
SPELLED = {
    "DBInstanceIdentifier": "dBInstanceIdentifier",
    "DBInstanceArn": "dBInstanceArn",
    "DbiResourceId": "dbiResourceId",
    "KmsKeyId": "kmsKeyId",
    "StorageEncrypted": "storageEncrypted",
    "IAMDatabaseAuthenticationEnabled": "iAMDatabaseAuthenticationEnabled",
    "ReadReplicaDBInstanceIdentifiers": "readReplicaDBInstanceIdentifiers",
    "BackupRetentionPeriod": "backupRetentionPeriod",
    "MultiAZ": "multiAZ",
}


def incident(seed: int = 1) -> AwsSimulator:
    aws = AwsSimulator(seed=seed)
    key = aws.create_key("orders", at=0)
    orders = aws.create_db_instance("orders", key, at=timedelta(hours=1))
    aws.schedule_key_deletion(key, 7, at=DAY, actor=role("cleanup", "pat"))
    aws.rds_event(orders, "RDS-EVENT-0418", at=DAY)
    return aws


SAMPLES: tuple[Json, ...] = tuple(
    event for event in map(json.loads, build().values()) if "eventName" in event
)
"""One CloudTrail record for each event name."""


def names(value: Any) -> Iterator[str]:
    """Yield every member's name, however deep."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from names(member)
    elif isinstance(value, list):
        for member in value:
            yield from names(member)


def test_the_same_seed_and_calls_give_the_same_bytes() -> None:
    assert incident().payloads() == incident().payloads()
    assert incident(1).payloads() != incident(2).payloads()


def test_traffic_changes_no_id_of_what_follows_it() -> None:
    plain, busy = AwsSimulator(), AwsSimulator()
    busy.traffic(since=0, until=DAY, sessions=9)
    assert busy.records
    assert plain.create_key(at=DAY).record == busy.create_key(at=DAY).record


def test_moments_count_from_the_start_unless_they_are_datetimes() -> None:
    aws = AwsSimulator(start=T0)
    meant = [
        aws.moment(90),
        aws.moment(timedelta(seconds=90)),
        aws.moment(utc("2026-01-01 00:01:30")),
    ]
    assert {iso(one) for one in meant} == {"2026-01-01T00:01:30Z"}


@pytest.mark.parametrize("hour", [0, 7, 12, 18])
def test_the_product_reads_the_simulators_spellings_of_a_moment(hour: int) -> None:
    at = utc(f"2026-04-12 {hour:02d}:58:30")
    for spell in (us_text, us_text_24, iso):
        assert moment.parse_aws(spell(at)) == moment.of(at), spell(at)


@pytest.mark.parametrize("record", SAMPLES, ids=lambda record: str(record["eventName"]))
def test_a_record_has_the_members_of_cloudtrail_in_its_order(record: Json) -> None:
    assert [name for name in record if name in ALWAYS] == list(ALWAYS)


@pytest.mark.parametrize("record", SAMPLES, ids=lambda record: str(record["eventName"]))
def test_member_names_begin_with_a_small_letter(record: Json) -> None:
    """CloudTrail spells an API member with its first letter lowered, and only that one."""
    told = [record["requestParameters"], record["responseElements"]]
    assert [name for name in names(told) if not name[0].islower()] == []


def test_members_of_a_db_instance_are_spelled_as_real_records_spell_them() -> None:
    aws = incident()
    response = aws.records[2]["responseElements"]
    assert set(SPELLED.values()) <= set(response)
    assert "dBInstance" not in response, "the wrapper around a single member is dropped"


def test_records_of_keys_name_resources_and_those_of_databases_and_key_stores_do_not() -> None:
    for record in SAMPLES:
        is_of_key = record["eventSource"].startswith("kms.")
        is_of_store = record["eventName"].endswith("CustomKeyStore")
        assert ("resources" in record) == (is_of_key and not is_of_store), record


def test_a_service_event_has_nobody_to_ask() -> None:
    aws = AwsSimulator()
    record = aws.delete_key(aws.create_key(at=0), at=DAY)
    assert record["userIdentity"] == {"accountId": aws.account, "invokedBy": "AWS Internal"}
    assert record["eventType"] == "AwsServiceEvent"
    assert "requestID" not in record
    assert "tlsDetails" not in record


def test_actors_say_who_they_are() -> None:
    assert user("pat").arn == "arn:aws:iam::111122223333:user/pat"
    assert role("ops", "pat").arn == "arn:aws:sts::111122223333:assumed-role/ops/pat"
    assert root().arn == "arn:aws:iam::111122223333:root"
    assert service("rds.amazonaws.com").arn is None
    assert internal().arn is None
    assert on_behalf(user("pat"), "rds.amazonaws.com").identity["invokedBy"] == "rds.amazonaws.com"


def test_a_session_tells_its_issuer_and_when_it_began() -> None:
    actor = role("ops", "pat", source_identity="pat@example.com", has_mfa=True)
    context = actor.identity_at(utc("2026-01-01 10:20:30"))["sessionContext"]
    assert context["sessionIssuer"]["arn"] == "arn:aws:iam::111122223333:role/ops"
    assert context["sourceIdentity"] == "pat@example.com"
    assert context["attributes"] == {
        "creationDate": "2026-01-01T10:00:00Z",
        "mfaAuthenticated": "true",
    }


def test_a_failed_call_has_an_error_and_no_response_and_changes_nothing() -> None:
    aws = AwsSimulator()
    database = aws.create_db_instance("orders", aws.create_key(at=0), at=0)
    before = dict(aws.world[database.resource_id])
    record = aws.modify_db_instance(database, at=DAY, retention=0, error=KEY_NOT_ACCESSIBLE)
    assert record["errorCode"] == "KMSKeyNotAccessibleFault"
    assert record["responseElements"] is None
    assert aws.world[database.resource_id] == before


def test_a_database_without_a_key_of_its_own_lies_under_the_default_one() -> None:
    aws = AwsSimulator()
    first, second = (aws.create_db_instance(name, at=0) for name in ("one", "two"))
    assert first.key == second.key
    assert "kmsKeyId" not in first.record["requestParameters"]
    assert aws.create_db_instance("plain", encrypted=False, at=0).key is None


def test_a_copy_lies_under_the_key_and_in_the_region_that_it_names() -> None:
    aws = AwsSimulator()
    key, other = aws.create_key(at=0), aws.create_key(at=0, region="us-west-2")
    snapshot = aws.create_db_snapshot(aws.create_db_instance("o", key, at=0), "s", at=DAY)
    copy = aws.copy_db_snapshot(snapshot, "s2", other, at=DAY, region="us-west-2")
    assert (snapshot.key, copy.key) == (key.arn, other.arn)
    assert copy.arn == "arn:aws:rds:us-west-2:111122223333:snapshot:s2"
    assert copy.record["requestParameters"]["sourceDBSnapshotIdentifier"] == snapshot.arn
    assert copy.record["awsRegion"] == "us-west-2"


def test_a_source_lists_its_replicas_until_they_are_promoted() -> None:
    aws = AwsSimulator()
    source = aws.create_db_instance("o", aws.create_key(at=0), at=0)
    replica = aws.create_read_replica(source, "r", at=1)
    shown = aws.reboot_db_instance(source, at=2)["responseElements"]
    assert shown["readReplicaDBInstanceIdentifiers"] == ["r"]
    promoted = aws.promote_read_replica(replica, at=3)["responseElements"]
    assert promoted["readReplicaSourceDBInstanceIdentifier"] == "o"
    after = aws.reboot_db_instance(source, at=4)["responseElements"]
    assert after["readReplicaDBInstanceIdentifiers"] == []


def test_a_renamed_database_keeps_its_immutable_id() -> None:
    aws = AwsSimulator()
    database = aws.create_db_instance("Orders", aws.create_key(at=0), at=0)
    aws.modify_db_instance(database, at=1, new_name="orders-old")
    shown = aws.stop_db_instance(database, at=2)["responseElements"]
    assert shown["dBInstanceIdentifier"] == "orders-old"
    assert shown["dBInstanceArn"].endswith(":db:orders-old")
    assert shown["dbiResourceId"] == database.resource_id


def test_an_alias_and_its_key_stand_in_either_order() -> None:
    aws = AwsSimulator()
    key = aws.create_key(at=0)
    firsts = {
        ":alias/" in aws.create_alias(f"a{number}", key, at=0)["resources"][0]["ARN"]
        for number in range(20)
    }
    assert firsts == {True, False}


def test_rows_of_describe_events_say_the_same_without_an_event_id() -> None:
    aws = incident()
    [row] = aws.describe_events()["Events"]
    detail = aws.notifications[0]["detail"]
    assert "EventID" not in row
    assert (row["Message"], row["SourceArn"]) == (detail["Message"], detail["SourceArn"])
    assert row["SourceType"] == "db-instance"


def test_a_key_in_a_custom_store_tells_its_store() -> None:
    key = AwsSimulator().create_key(at=0, store="cks-1")
    metadata = key.record["responseElements"]["keyMetadata"]
    assert metadata["customKeyStoreId"] == "cks-1"
    assert metadata["origin"] == "AWS_CLOUDHSM"


def test_material_has_the_same_id_at_every_import() -> None:
    aws = AwsSimulator()
    key = aws.create_key(at=0, origin="EXTERNAL")
    first = aws.import_key_material(key, at=1, valid_to=DAY)
    again = aws.import_key_material(key, at=2 * DAY)
    assert first["requestParameters"]["validTo"] == "Jan 2, 2026, 12:00:00 AM"
    assert again["requestParameters"]["expirationModel"] == "KEY_MATERIAL_DOES_NOT_EXPIRE"
    ids = {record["responseElements"]["keyMaterialId"] for record in (first, again)}
    assert ids == {aws.expire_key_material(key, at=3 * DAY)["serviceEventDetails"]["keyMaterialId"]}
