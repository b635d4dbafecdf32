"""Decoding where records are poorer than AWS's own: keys by id or alias, defaults, gaps."""

from __future__ import annotations

from typing import Any

import pytest

from tests.replayed import Replayed
from tests.simulator.world import AwsSimulator
from tests.situations import d, made


def with_key_as_asked(asked: str | None) -> Replayed:
    """Return a database whose creation's response does not show the key."""
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20))
    spare = aws.create_key(at=d(-20))
    aws.create_db_instance("orders", key, at=d(-19))
    record = aws.records[-1]
    record["responseElements"].pop("kmsKeyId")
    named = {"id": key.key_id, "arn": key.arn, "alias": "alias/orders"}.get(asked or "")
    record["requestParameters"].pop("kmsKeyId", None)
    if named is not None:
        record["requestParameters"]["kmsKeyId"] = named
    aws.update_alias("orders", spare, at=d(-5))
    aws.disable_key(key, at=d(0))
    return Replayed(aws)


@pytest.mark.parametrize("asked", ["id", "arn", "alias"])
def test_a_key_that_only_the_request_names_is_found_as_it_was_meant_then(asked: str) -> None:
    found = with_key_as_asked(asked).explain("orders", d(9))
    assert found["root_cause"]["event_name"] == "DisableKey"
    assert found["verdict"] == "recoverable-with-action"


def test_encrypted_without_any_key_named_is_under_awss_default_key() -> None:
    found = with_key_as_asked(None).explain("orders", d(9))
    assert found["key"] is None
    assert found["verdict"] == "healthy"


@pytest.mark.parametrize("bare", ["resources", "recipientAccountId", "eventCategory"])
def test_old_records_lack_members_and_are_read_all_the_same(bare: str) -> None:
    setup = made()
    setup.aws.disable_key(setup.key, at=d(0))
    record = setup.aws.records[-1]
    record.pop(bare)
    record["requestParameters"] = {"keyId": setup.key.key_id}
    record["responseElements"] = None
    assert Replayed(setup.aws).key(setup.key.arn)["state"] == "Disabled"


@pytest.mark.parametrize(
    "junk", [None, "text", [], 7, {"keyId": 7}, {"keyId": ""}, {"keyId": ["x"]}]
)
def test_parameters_of_any_shape_are_no_error(junk: Any) -> None:
    setup = made()
    setup.aws.disable_key(setup.key, at=d(0))
    for member in ("requestParameters", "responseElements", "resources", "userIdentity"):
        setup.aws.records[-1][member] = junk
    assert Replayed(setup.aws).explain("orders", d(1))["verdict"] in {"healthy", "at-risk"}


def test_a_copy_of_which_only_the_request_names_the_key_lies_under_that_key() -> None:
    setup = made()
    other = setup.aws.create_key("vault", at=d(-18))
    snapshot = setup.aws.create_db_snapshot(setup.db, "weekly", at=d(-3))
    setup.aws.copy_db_snapshot(snapshot, "vaulted", other, at=d(-2))
    record = setup.aws.records[-1]
    record["responseElements"].pop("kmsKeyId")
    record["requestParameters"]["kmsKeyId"] = "alias/vault"
    copies = Replayed(setup.aws).explain("orders")["copies"]
    assert [copy["key"] for copy in copies if copy["kind"] == "snapshot-copy"] == [other.arn]
