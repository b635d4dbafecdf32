"""The facade on a real ledger: two times, conflicts, rejects."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from analyzer.case import Case
from analyzer.errors import UnknownResourceError, UnreadableTimeError
from analyzer.moment import DAY, HOUR
from tests.case.casework import NOW, Bench
from tests.replayed import spelled
from tests.simulator.world import AwsSimulator
from tests.situations import Setup, d, h, lose, made, schedule


def lost() -> Setup:
    setup = made()
    schedule(setup)
    setup.aws.delete_key(setup.key, at=d(7, 3))
    return setup


def parted() -> tuple[list[bytes], bytes]:
    """Return everything about a lost database but the record of the key's deletion, and that."""
    payloads = lost().aws.payloads()
    [deletion] = [payload for payload in payloads if b'"DeleteKey"' in payload]
    return [payload for payload in payloads if payload != deletion], deletion


def test_what_was_known_then_differs_from_what_was_so(bench: Bench) -> None:
    before, deletion = parted()
    bench.feed(*before)
    known = bench.case.ledger.size
    bench.feed(deletion)
    assert bench.explain()["verdict"] == "unrecoverable"
    assert bench.explain()["unrecoverable"]["basis"] == "observed"
    late = spelled(lost().aws.start + d(9))
    then = bench.explain(late, f"#{known}")
    assert then["known_at"] == known
    assert then["unrecoverable"]["basis"] == "inferred"
    assert bench.explain("end", f"#{known}")["verdict"] == "at-risk"


def test_transaction_time_may_be_a_time(bench: Bench) -> None:
    before, deletion = parted()
    bench.feed(*before)
    bench.feed(deletion)
    earlier = (bench.now - HOUR // 2 - NOW) // HOUR
    assert earlier == 1
    assert bench.explain("end", "-30m")["known_at"] == len(before)
    assert bench.explain("end", "now")["known_at"] == len(before) + 1
    assert bench.explain("end", "#99999")["known_at"] == len(before) + 1


def test_an_early_answer_does_not_linger_once_more_is_sealed(bench: Bench) -> None:
    before, deletion = parted()
    bench.feed(*before)
    assert bench.explain()["unrecoverable"] is None
    bench.feed(deletion)
    assert bench.explain()["unrecoverable"] is not None


def test_findings_are_those_of_what_is_asked_whatever_was_asked_before(bench: Bench) -> None:
    before, deletion = parted()
    bench.feed(*before)
    early = bench.case.find("end", None, NOW)
    then = early["at"]
    assert bench.case.find("end", None, NOW) == early
    bench.feed(deletion)
    late = bench.case.find("end", None, NOW)
    assert rules(late) - rules(early) == {"rds.unrecoverable", "kms.deleted-under-data"}
    assert bench.case.find("end", f"#{len(before)}", NOW) == early
    assert rules(bench.case.find(then, None, NOW)) == rules(early)
    assert bench.case.find("end", None, NOW) == late
    with Case.open(bench.folder / "case.db") as fresh:
        assert fresh.find("end", None, NOW, "seven-days") == bench.case.find(
            "end", None, NOW, "seven-days"
        )


def rules(found: dict[str, Any]) -> set[str]:
    return {one["rule"] for one in found["findings"]}


def test_a_contradicting_record_is_noted_and_moves_nothing(bench: Bench) -> None:
    setup = lost()
    bench.feed(*setup.aws.payloads())
    schedule_record = next(r for r in setup.aws.records if r["eventName"] == "ScheduleKeyDeletion")
    forged = {**schedule_record, "eventTime": "2025-12-30T00:00:00Z"}
    report = bench.feed(json.dumps(forged).encode())
    assert report["totals"]["conflicts"] == 1
    found = bench.explain()
    assert found["root_cause"]["event_time"] == spelled(setup.aws.start)
    assert any("other content" in note for note in found["notes"])


def test_end_is_the_newest_event_even_if_it_moves_no_state(bench: Bench) -> None:
    setup = made()
    lose(setup)
    setup.aws.decrypt(setup.key, at=d(5))
    bench.feed(*setup.aws.payloads())
    assert bench.explain()["at"] == spelled(setup.aws.start + d(5))
    created = next(
        index
        for index, payload in enumerate(setup.aws.payloads())
        if b'"CreateDBInstance"' in payload
    )
    early = bench.explain("end", f"#{created + 1}")
    assert early["at"] == spelled(setup.aws.start - d(19))


def test_rejects_are_kept_verbatim_with_their_reason(bench: Bench) -> None:
    broken = b'{"eventTime":"2026-01-01T00:00:00Z","eventSource":"kms.amazonaws.com"}'
    report = bench.feed(*made().aws.payloads(), broken)
    assert report["totals"]["rejected"] == 1
    [reject] = bench.case.custody.rejects()
    assert base64.b64decode(reject["payload_base64"]) == broken
    assert reject["source"].endswith("part-1.jsonl")
    assert reject["position"] == len(made().aws.payloads())
    assert "eventName" in reject["reason"]


@pytest.mark.parametrize("at", ["soon", "", "2026-99-01"])
def test_a_time_that_cannot_be_read_never_gives_an_answer(bench: Bench, at: str) -> None:
    bench.feed(*made().aws.payloads())
    with pytest.raises(UnreadableTimeError):
        bench.explain(at)
    with pytest.raises(UnreadableTimeError) as caught:
        bench.explain("end", "soon")
    assert "#1200" in caught.value.forms


def test_relative_times_count_from_the_clock(bench: Bench) -> None:
    bench.feed(*made().aws.payloads())
    state = bench.case.state(None, "-1d", None, bench.now)
    assert state["at"] == bench.case.state(None, "-24h", None, bench.now)["at"]
    assert bench.now - DAY > 0


def test_an_empty_ledger_answers_with_nothing(bench: Bench) -> None:
    state = bench.case.state(None, "end", None, bench.now)
    assert state["keys"] == state["databases"] == []
    with pytest.raises(UnknownResourceError):
        bench.explain()


def test_blast_tells_what_hangs_on_a_key(bench: Bench) -> None:
    setup = made()
    other = setup.aws.create_key("vault", at=d(-18))
    snapshot = setup.aws.create_db_snapshot(setup.db, "weekly", at=d(-3))
    setup.aws.copy_db_snapshot(snapshot, "weekly-vault", other, at=d(-2))
    setup.aws.decrypt(setup.key, at=d(-1), context=setup.db.context)
    setup.aws.decrypt(setup.key, at=d(0), error=("AccessDenied", "no"))
    bench.feed(*setup.aws.payloads())
    found = bench.case.blast("alias/orders", "end", None, bench.now)
    [row] = found["databases"]
    assert (row["database"], row["verdict"]) == (setup.db.arn, "healthy")
    assert row["if_lost"]["verdict"] == "at-risk"
    [survivor] = row["if_lost"]["surviving_copies"]
    assert survivor["key"] == other.arn
    assert row["if_lost"]["data_loss_seconds"] == 3 * 24 * 3600
    assert [copy["id"] for copy in found["snapshots"]] == [snapshot.arn]
    assert found["last_used"]["event_name"] == "Decrypt"
    assert found["last_used"]["event_time"] == spelled(setup.aws.start - d(1))
    vault = bench.case.blast("alias/vault", "end", None, bench.now)
    assert vault["databases"][0]["if_lost"]["verdict"] == "healthy"
    assert vault["last_used"] is None


def test_diff_shows_both_sides_of_what_changed(bench: Bench) -> None:
    setup = lost()
    bench.feed(*setup.aws.payloads())
    start = spelled(setup.aws.start - d(1))
    found = bench.case.diff(start, "end", None, bench.now)
    [key] = found["keys"]
    assert (key["before"]["state"], key["after"]["state"]) == ("Enabled", "Deleted")
    assert key["cause"]["event_name"] == "DeleteKey"
    [database] = found["databases"]
    assert database["before"]["verdict"] == "healthy"
    assert database["after"]["verdict"] == "unrecoverable"
    assert {copy["after"]["condition"] for copy in found["copies"]} == {"gone", "dead"}
    same = bench.case.diff("end", "end", None, bench.now)
    assert same["keys"] == same["databases"] == same["copies"] == []


def test_blast_counts_a_replica_in_another_region_as_surviving(bench: Bench) -> None:
    setup = made()
    far = setup.aws.create_key("far", at=d(-18), region="eu-west-1")
    setup.aws.create_read_replica(setup.db, "orders-far", far, at=d(-3), region="eu-west-1")
    bench.feed(*setup.aws.payloads())
    [row] = bench.case.blast("alias/orders", "end", None, bench.now)["databases"]
    assert row["if_lost"]["verdict"] == "at-risk"
    assert [one["kind"] for one in row["if_lost"]["surviving_copies"]] == ["replica"]


def test_row_29_access_is_lost_since_the_first_refusal_that_no_success_follows(
    bench: Bench,
) -> None:
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20), origin="EXTERNAL_KEY_STORE")
    db = aws.create_db_instance("orders", key, at=d(-19))
    refused = ("KMSInvalidStateException", "the external key is gone")
    aws.decrypt(key, at=d(-3), error=refused)
    aws.decrypt(key, at=d(-2))
    aws.decrypt(key, at=d(0, 1), error=refused)
    aws.decrypt(key, at=d(0), error=refused)
    aws.rds_event(db, "RDS-EVENT-0418", at=h(2))
    aws.rds_event(db, "RDS-EVENT-0419", at=h(4))
    bench.feed(*aws.payloads())
    found = bench.explain()
    assert found["verdict"] == "unknown"
    assert found["in_place"]["access_lost_at"] == spelled(aws.moment(d(0)))
    [note] = [one for one in found["notes"] if "never succeeded since" in one]
    assert "KMSInvalidStateException" in note
