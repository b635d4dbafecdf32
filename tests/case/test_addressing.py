"""Names: by which of them a resource is found, and what is said where one means none or two."""

from __future__ import annotations

import pytest

from analyzer.errors import AmbiguousResourceError, UnknownResourceError
from tests.case.casework import Bench
from tests.replayed import spelled
from tests.situations import d, h, made, schedule


@pytest.mark.parametrize("name", ["orders", "ORDERS", "alias/orders"])
def test_resources_are_found_by_their_short_names(bench: Bench, name: str) -> None:
    setup = made()
    bench.feed(*setup.aws.payloads())
    arn = bench.case.timeline(name, "end", None, bench.now)["resource"]
    assert arn == (setup.key.arn if name.startswith("alias") else setup.db.arn)


def test_resources_are_found_by_id_and_arn(bench: Bench) -> None:
    setup = made()
    bench.feed(*setup.aws.payloads())
    for name in (setup.db.arn, setup.db.resource_id):
        assert bench.case.explain(name, "end", None, bench.now)["database"] == setup.db.arn
    for name in (setup.key.arn, setup.key.key_id):
        assert bench.case.timeline(name, "end", None, bench.now)["resource"] == setup.key.arn


def test_an_unknown_name_is_answered_with_near_ones(bench: Bench) -> None:
    bench.feed(*made().aws.payloads())
    with pytest.raises(UnknownResourceError) as caught:
        bench.case.explain("ordres", "end", None, bench.now)
    assert "orders" in " ".join(caught.value.nearest)


def test_a_name_in_two_regions_is_ambiguous(bench: Bench) -> None:
    setup = made()
    other = setup.aws.create_db_instance("orders", None, at=d(-3), region="eu-west-1")
    bench.feed(*setup.aws.payloads())
    with pytest.raises(AmbiguousResourceError) as caught:
        bench.explain()
    assert set(caught.value.candidates) == {setup.db.arn, other.arn}


def test_a_reused_name_means_the_database_that_lived_then(bench: Bench) -> None:
    setup = made()
    setup.aws.delete_db_instance(setup.db, at=d(0))
    again = setup.aws.create_db_instance("orders", setup.key, at=d(2))
    bench.feed(*setup.aws.payloads())
    assert bench.explain()["resource_id"] == again.resource_id
    assert bench.explain(spelled(setup.aws.start - h(1)))["resource_id"] == setup.db.resource_id


def test_a_renamed_database_stays_the_same_one(bench: Bench) -> None:
    setup = made()
    setup.aws.modify_db_instance(setup.db, new_name="orders-old", at=d(-5))
    schedule(setup, notice=False)
    renamed = setup.db.arn.replace(":db:orders", ":db:orders-old")
    event = setup.aws.rds_event(setup.db, "RDS-EVENT-0418", at=h(1))
    event["resources"] = [renamed]
    event["detail"] |= {"SourceArn": renamed, "SourceIdentifier": "orders-old"}
    bench.feed(*setup.aws.payloads())
    found = bench.case.explain("orders-old", "end", None, bench.now)
    assert found["resource_id"] == setup.db.resource_id
    assert found["database"] == renamed
    assert "RDS-EVENT-0418" in [one["event_name"] for one in found["chain"]]
    assert len(bench.case.state(None, "end", None, bench.now)["databases"]) == 1
