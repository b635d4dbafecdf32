"""What-if: events crossed out, put in and assumed; what follows from that is dropped and listed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from analyzer.answers.whatif import Changes
from analyzer.case import Case
from analyzer.cloudtrail.errors import SourceError
from analyzer.counterfactual.assumption import OPERATIONS, parse
from analyzer.errors import (
    UnknownEventError,
    UnknownResourceError,
    UnreadableTimeError,
)
from analyzer.ingest.loose import loose_records
from analyzer.moment import HOUR
from tests.replayed import spelled
from tests.situations import d, h, lose, made, schedule

NOW = 1_800_000_000_000_000
Json = dict[str, Any]


class Bench:
    """A case about one simulated account."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.setup = made()
        self.sealed: Case | None = None

    @property
    def case(self) -> Case:
        if self.sealed is None:
            path = self.folder / "records.jsonl"
            path.write_bytes(b"\n".join(self.setup.aws.payloads()) + b"\n")
            self.sealed = Case.open_or_create(self.folder / "case.db", NOW)
            self.sealed.ingest([str(path)], clock=lambda: NOW + HOUR)
        return self.sealed

    def time(self, after: Any) -> str:
        return spelled(self.setup.aws.start + after)

    def ids(self, name: str) -> list[str]:
        return [r["eventID"] for r in self.setup.aws.records if r.get("eventName") == name]

    def ask(
        self,
        *,
        skip: Sequence[str] = (),
        assume: Sequence[str] = (),
        insert: Sequence[bytes] = (),
        at: str = "end",
    ) -> Json:
        calls = tuple(parse(one) for one in assume)
        changes = Changes(skip=skip, insert=insert, assume=calls)
        return self.case.whatif(changes, at, None, NOW)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made_here = Bench(tmp_path)
    yield made_here
    if made_here.sealed is not None:
        made_here.sealed.close()


def lost(bench: Bench) -> None:
    schedule(bench.setup)
    bench.setup.aws.delete_key(bench.setup.key, at=d(7, 3))


def names(events: Sequence[Json]) -> list[str]:
    return [event["event_name"] for event in events]


def verdicts(document: Json) -> tuple[str, str]:
    [change] = document["changes"]
    return change["baseline"]["verdict"], change["hypothetical"]["verdict"]


def test_without_the_schedule_nothing_is_lost_and_what_followed_is_dropped(bench: Bench) -> None:
    lost(bench)
    [schedule_id] = bench.ids("ScheduleKeyDeletion")
    found = bench.ask(skip=[schedule_id])
    assert list(found)[:3] == ["at", "known_at", "rules"]
    assert names(found["skipped"]) == ["ScheduleKeyDeletion"]
    assert found["added"] == []
    assert names(found["dropped"]) == ["RDS-EVENT-0418", "DeleteKey"]
    [change] = found["changes"]
    assert change["database"] == bench.setup.db.arn
    assert change["baseline"]["verdict"] == "unrecoverable"
    assert change["baseline"]["unrecoverable_since"] == bench.time(d(7, 3))
    assert change["hypothetical"]["verdict"] == "healthy"
    assert change["hypothetical"]["unrecoverable_since"] is None


def test_an_event_may_be_named_by_its_entry(bench: Bench) -> None:
    lost(bench)
    [event_id] = bench.ids("ScheduleKeyDeletion")
    by_id = bench.ask(skip=[event_id])
    assert bench.ask(skip=[f"#{by_id['skipped'][0]['entry']}"]) == by_id


def test_nothing_imagined_changes_nothing(bench: Bench) -> None:
    lost(bench)
    found = bench.ask()
    assert found["changes"] == found["skipped"] == found["added"] == found["dropped"] == []
    assert found["notes"] == []


def test_the_ledger_stays_as_it_is(bench: Bench) -> None:
    lost(bench)
    before = bench.case.ledger.head()
    bench.ask(skip=bench.ids("DisableKey"), assume=["DeleteKey alias/orders @ end"])
    assert bench.case.ledger.head() == before
    assert bench.case.explain("orders", "end", None, NOW)["verdict"] == "unrecoverable"


def test_an_assumed_cancellation_rules_the_deletion_out(bench: Bench) -> None:
    lost(bench)
    at = bench.time(d(2))
    found = bench.ask(
        assume=[f"CancelKeyDeletion alias/orders @ {at}", f"EnableKey {bench.setup.key.arn} @ {at}"]
    )
    assert names(found["dropped"]) == ["DeleteKey"]
    assert verdicts(found) == ("unrecoverable", "recoverable")
    assert [(one["entry"], one["event_id"]) for one in found["added"]] == [
        (None, "assumed-1"),
        (None, "assumed-2"),
    ]


@pytest.mark.parametrize(("days", "spelling"), [(30, ""), (7, " 7d"), (12, "  12d")])
def test_an_assumed_deletion_comes_after_its_waiting_period(
    bench: Bench, days: int, spelling: str
) -> None:
    at, asked = bench.time(h(1)), bench.time(d(days, 2))
    found = bench.ask(assume=[f"ScheduleKeyDeletion alias/orders{spelling} @ {at}"], at=asked)
    assert verdicts(found) == ("healthy", "unrecoverable")
    since = found["changes"][0]["hypothetical"]["unrecoverable_since"]
    assert since == bench.time(d(days, 1))
    earlier = bench.ask(
        assume=[f"ScheduleKeyDeletion alias/orders{spelling} @ {at}"], at=bench.time(d(days))
    )
    assert verdicts(earlier) == ("healthy", "recoverable-with-action")


def test_an_earlier_schedule_replaces_the_one_that_was(bench: Bench) -> None:
    schedule(bench.setup, at=d(20))
    bench.setup.aws.delete_key(bench.setup.key, at=d(27, 3))
    found = bench.ask(assume=[f"ScheduleKeyDeletion alias/orders 7d @ {bench.time(h(1))}"])
    assert {"ScheduleKeyDeletion", "DeleteKey"} <= set(names(found["dropped"]))
    [change] = found["changes"]
    assert change["baseline"]["unrecoverable_since"] == bench.time(d(27, 3))
    assert change["hypothetical"]["unrecoverable_since"] == bench.time(d(7, 1))


def test_what_worked_with_the_key_is_dropped_once_it_would_have_been_gone(bench: Bench) -> None:
    aws, key, db = bench.setup.aws, bench.setup.key, bench.setup.db
    aws.stop_db_instance(db, at=d(1))
    aws.start_db_instance(db, at=d(12))
    aws.create_db_snapshot(db, "later", at=d(13))
    aws.enable_key(key, at=d(14))
    found = bench.ask(assume=[f"ScheduleKeyDeletion alias/orders 7d @ {bench.time(h(1))}"])
    assert {"StartDBInstance", "CreateDBSnapshot"} <= set(names(found["dropped"]))
    assert verdicts(found) == ("healthy", "unrecoverable")


def test_without_the_rescue_the_start_and_rds_good_news_are_dropped(bench: Bench) -> None:
    aws, key, db = bench.setup.aws, bench.setup.key, bench.setup.db
    lose(bench.setup)
    aws.enable_key(key, at=h(5))
    aws.rds_event(db, "RDS-EVENT-0420", at=h(5))
    aws.start_db_instance(db, at=h(6))
    found = bench.ask(skip=bench.ids("EnableKey"), at=bench.time(d(8)))
    assert names(found["dropped"]) == ["RDS-EVENT-0420", "StartDBInstance"]
    assert verdicts(found) == ("healthy", "recoverable-with-action")


def test_without_its_creation_all_of_a_database_is_gone(bench: Bench) -> None:
    lost(bench)
    found = bench.ask(skip=bench.ids("CreateDBInstance"))
    [change] = found["changes"]
    assert change["hypothetical"] is None
    assert "RDS-EVENT-0418" in names(found["dropped"])


def test_without_a_snapshot_its_copy_would_not_be_there(bench: Bench) -> None:
    aws = bench.setup.aws
    vault = aws.create_key("vault", at=d(-18))
    taken = aws.create_db_snapshot(bench.setup.db, "weekly", at=d(-3))
    aws.copy_db_snapshot(taken, "weekly-vault", vault, at=d(-2))
    aws.delete_db_snapshot(taken, at=d(-1))
    lost(bench)
    found = bench.ask(skip=bench.ids("CreateDBSnapshot"))
    assert names(found["dropped"]) == ["CopyDBSnapshot", "DeleteDBSnapshot"]
    assert verdicts(found) == ("recoverable", "unrecoverable")


def test_inserted_records_count_and_known_ones_do_not(bench: Bench) -> None:
    lost(bench)
    [deletion] = [r for r in bench.setup.aws.records if r.get("eventName") == "DeleteKey"]
    cancelled = {
        **deletion, "eventName": "CancelKeyDeletion", "eventID": "new",
        "eventTime": bench.time(d(1)), "eventType": "AwsApiCall",
    }  # fmt: skip
    known = bench.setup.aws.payloads()[0]
    idle = {**cancelled, "eventName": "ListKeys", "eventID": "idle"}
    payloads = [json.dumps(cancelled).encode(), known, json.dumps(idle).encode()]
    found = bench.ask(insert=payloads)
    assert [one["event_id"] for one in found["added"]] == ["new", "idle"]
    assert verdicts(found) == ("unrecoverable", "recoverable-with-action")
    assert len(found["notes"]) == 2


def test_the_end_moves_on_to_what_is_put_in(bench: Bench) -> None:
    late = bench.time(d(50))
    found = bench.ask(assume=[f"DisableKey alias/orders @ {late}"])
    assert found["at"] == late
    assert verdicts(found) == ("healthy", "at-risk")


def test_what_aws_would_have_refused_is_said(bench: Bench) -> None:
    found = bench.ask(assume=[f"CancelKeyDeletion alias/orders @ {bench.time(d(1))}"])
    [note] = found["notes"]
    assert "AWS would have refused" in note


@pytest.mark.parametrize(
    "name", ["ed3fca5b-225d-4a17-869e-471a6b8600cf", "", "#99999", "ScheduleKeyDeletion"]
)
def test_an_event_that_is_not_there_cannot_be_crossed_out(bench: Bench, name: str) -> None:
    lost(bench)
    with pytest.raises(UnknownEventError):
        bench.ask(skip=[name])


def test_a_mistyped_event_id_is_answered_with_the_one_that_is_near(bench: Bench) -> None:
    lost(bench)
    [event_id] = bench.ids("ScheduleKeyDeletion")
    with pytest.raises(UnknownEventError) as caught:
        bench.ask(skip=[event_id[:-1] + "x"])
    assert event_id in caught.value.nearest


def test_unknown_keys_and_times_are_refused(bench: Bench) -> None:
    with pytest.raises(UnknownResourceError):
        bench.ask(assume=["DisableKey alias/nothing @ end"])
    with pytest.raises(UnreadableTimeError):
        bench.ask(assume=["DisableKey alias/orders @ soon"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_can_be_assumed(bench: Bench, operation: str) -> None:
    lost(bench)
    found = bench.ask(assume=[f"{operation} alias/orders @ {bench.time(d(1))}"])
    assert names(found["added"]) == [operation]


def test_files_to_insert_are_read_whole_or_refused(tmp_path: Path) -> None:
    payloads = made().aws.payloads()[:3]
    good = tmp_path / "good"
    good.write_bytes(b'{"Records":[' + b",".join(payloads) + b"]}")
    assert loose_records([str(good)]) == payloads
    bad = tmp_path / "bad"
    for content in (b"", b"not json", b'{"Records":[{"eventName":"half"}]}', b'{"Records":['):
        bad.write_bytes(content)
        with pytest.raises(SourceError) as caught:
            loose_records([str(bad)])
        assert "bad: " in caught.value.detail
    with pytest.raises(SourceError):
        loose_records([str(tmp_path / "missing")])
