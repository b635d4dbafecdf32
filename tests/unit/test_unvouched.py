"""Stretches for which digest files do not vouch lower the basis of what clocks conclude there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from analyzer import moment
from analyzer.case import Case
from analyzer.digests.report import DigestReport, Finding, Kind
from analyzer.digests.unvouched import Reason, Unvouched, unvouched
from analyzer.history.history import History
from tests.digest_support import SIGNER
from tests.replayed import Replayed, facts_of
from tests.simulator import AwsSimulator
from tests.simulator.digests import DigestTrail

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> AwsSimulator:
    """A database whose key is disabled for good on day 1; RDS says so at once."""
    aws = AwsSimulator()
    key = aws.create_key("orders", at=0)
    orders = aws.create_db_instance("orders", key, at=HOUR)
    aws.disable_key(key, at=DAY)
    aws.rds_event(orders, "RDS-EVENT-0418", at=DAY)
    aws.rds_event(orders, "RDS-EVENT-0419", at=DAY + 2 * HOUR)
    return aws


def _told(world: AwsSimulator, *stretches: Unvouched) -> dict[str, object]:
    replayed = Replayed(world)
    replayed.history = History(facts_of(world.payloads()), unvouched=stretches)
    document = replayed.explain("orders", 10 * DAY)
    return {"basis": document["in_place"]["basis"], "notes": " ".join(document["notes"])}


def _stretch(
    world: AwsSimulator,
    since: timedelta,
    until: timedelta,
    *,
    region: str | None = None,
    account: str | None = None,
    reason: Reason = Reason.MISSING,
) -> Unvouched:
    return Unvouched(
        account=account or world.account,
        region=region,
        start=moment.of(world.start + since),
        end=moment.of(world.start + until),
        reason=reason,
    )


def test_without_holes_the_terminal_status_is_derived(world: AwsSimulator) -> None:
    assert _told(world)["basis"] == "derived"


@pytest.mark.parametrize("reason", list(Reason))
def test_across_a_hole_it_is_inferred_and_the_verdict_says_so(
    world: AwsSimulator, reason: Reason
) -> None:
    told = _told(world, _stretch(world, 3 * DAY, 3 * DAY + HOUR, reason=reason))
    assert told["basis"] == "inferred"
    assert "a call that changed it may be missing (keyledger gaps)" in str(told["notes"])


def test_holes_before_the_loss_and_of_others_change_nothing(world: AwsSimulator) -> None:
    told = _told(
        world,
        _stretch(world, timedelta(0), DAY),
        _stretch(world, 2 * DAY, 3 * DAY, region="ap-south-1"),
        _stretch(world, 2 * DAY, 3 * DAY, account="999999999999"),
    )
    assert told["basis"] == "derived"
    assert "keyledger gaps" not in str(told["notes"])


def test_a_loss_that_no_record_explains_may_have_its_record_in_a_hole_before_it(
    world: AwsSimulator,
) -> None:
    world.records = [one for one in world.records if one["eventName"] != "DisableKey"]
    told = _told(world, _stretch(world, 12 * HOUR, 13 * HOUR, reason=Reason.CONTRADICTED))
    assert "The record that explains the loss may have stood there" in str(told["notes"])


def test_many_holes_are_counted_and_not_told_one_by_one(world: AwsSimulator) -> None:
    holes = [_stretch(world, n * HOUR + 2 * DAY, (n + 0.5) * HOUR + 2 * DAY) for n in range(9)]
    assert "6 more stretches are not vouched for" in str(_told(world, *holes)["notes"])


def test_findings_that_touch_become_one_stretch_and_covered_ones_none() -> None:
    def found(kind: Kind, start: int, end: int, *, is_covered: bool = False) -> Finding:
        return Finding(
            kind=kind, start=start, end=end, account="1", region="r", is_covered=is_covered
        )

    report = DigestReport(
        gaps=(
            found(Kind.DIGESTS_MISSING, 0, 10),
            found(Kind.HOURS_WITHOUT_DIGESTS, 10, 20),
            found(Kind.DIGESTS_MISSING, 30, 40, is_covered=True),
            found(Kind.LOG_FILE_UNNAMED, 50, 50),
            found(Kind.DIGESTS_MISSING, 60, 60),
        ),
        contradictions=(found(Kind.LOG_FILE_ALTERED, 5, 6),),
    )
    assert [(one.start, one.end, one.reason) for one in unvouched(report)] == [
        (0, 20, Reason.MISSING),
        (5, 6, Reason.CONTRADICTED),
    ]


def test_a_ledger_tells_it_from_the_files_alone(world: AwsSimulator, tmp_path: Path) -> None:
    """Digest files of nine days, of which those of one night are deleted."""
    folder = tmp_path / "logs"
    world.deliver(folder)
    trail = DigestTrail(account=world.account, region=world.region, signer=SIGNER)
    digests = [
        trail.write(folder, world.start + n * 6 * HOUR, world.start + (n + 1) * 6 * HOUR)
        for n in range(36)
    ]
    at = moment.text(moment.of(world.start + 10 * DAY))
    assert _basis(folder, tmp_path / "whole.db", at) == "derived"
    digests[14].unlink()
    assert _basis(folder, tmp_path / "holed.db", at) == "inferred"


def _basis(folder: Path, path: Path, at: str) -> str:
    with Case.open_or_create(path, 1, bytes) as case:
        case.ingest([str(folder)], clock=lambda: 1)
        return str(case.explain("orders", at, None, 1)["in_place"]["basis"])
