"""Filling: which sources a shard takes, and what becomes of it when somebody is killed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from analyzer.case import Case
from analyzer.cloudtrail.heads import Sort
from analyzer.cloudtrail.record import Description
from analyzer.cloudtrail.services import Services
from analyzer.cloudtrail.sources import find_sources
from analyzer.fleet.filling import Filling, fill, tidy
from analyzer.fleet.fleet import Fleet
from analyzer.ingest.belonging import NOWHERE
from analyzer.ingest.shares import Share, shares
from analyzer.s3.layout import home
from tests.fleets import OURS, SEED, STORIES, THEIRS
from tests.warehoused import NOW

LOGS = STORIES / "payroll-key-deleted/AWSLogs"


def _how(fleet: Path) -> Filling:
    return Filling(fleet=fleet, now=NOW, chance=SEED[:16])


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("a/AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/04/x.json.gz", OURS),
        ("AWSLogs/o-abc123/111122223333/CloudTrail-Digest/us-east-1/2026/x.json.gz", OURS),
        ("AWSLogs/111122223333/CloudTrail/us-east-1/x.json.gz", OURS),
        ("AWSLogs/111122223333/CloudTrail/x.json.gz", None),
        ("AWSLogs/111122223333/Config/us-east-1/2026/x.json.gz", None),
        ("AWSLogs/../CloudTrail/us-east-1/x.json.gz", None),
        ("AWSLogs/111122223333/CloudTrail/../x.json.gz", None),
        ("111122223333/us-east-1/x.json.gz", None),
    ],
)
def test_a_shard_is_told_by_cloudtrails_layout_alone(key: str, told: str | None) -> None:
    found = home(key)
    assert (found and found[0]) == told
    assert found is None or key.startswith(found[1])


def test_files_go_by_their_place_or_by_their_records_and_the_largest_share_comes_first(
    tmp_path: Path,
) -> None:
    shutil.copytree(LOGS, tmp_path / "AWSLogs")
    for name in ("one", "both", "none"):
        (tmp_path / name).write_bytes(b"x" * 100)
    one, both, none = (str(tmp_path / name) for name in ("one", "both", "none"))
    names = {one: frozenset({OURS, NOWHERE}), both: frozenset({OURS, THEIRS})}
    made = shares(find_sources([str(tmp_path)]), names)
    found = {share.name: share for share in made}
    assert list(found) == [OURS, THEIRS, NOWHERE]
    [logs] = (tmp_path / "AWSLogs").glob("*/CloudTrail/*")
    assert found[OURS].sources == (f"{logs}/", one)
    assert found[OURS].mixed == found[THEIRS].mixed == (both,)
    assert found[NOWHERE].sources == (none,)


def test_an_attempt_that_is_made_again_makes_the_same_ledger(tmp_path: Path) -> None:
    share = Share(name=OURS, sources=(str(LOGS),), mixed=(), size=1)
    made = [fill(share, _how(tmp_path / name)) for name in ("once", "twice", "twice")]
    assert len({one["root"] for one in made}) == 1
    assert made[0]["appended"] == made[0]["size"] > 0
    assert made[2]["appended"] == 0
    with Fleet.open(tmp_path / "twice") as fleet:
        assert fleet.custody.audit().document()["outcome"] == "intact"


def test_what_a_killed_attempt_left_is_no_shard_and_is_tidied_away(tmp_path: Path) -> None:
    left = tmp_path / "fleet/111122223333/.sealing-x"
    left.mkdir(parents=True)
    share = Share(name=OURS, sources=(str(LOGS),), mixed=(), size=1)
    fill(share, _how(tmp_path / "fleet"))
    shutil.copy(tmp_path / "fleet" / f"{OURS}.db", left / "us-east-1.db")
    with Fleet.open(tmp_path / "fleet") as fleet:
        assert [one.name for one in fleet.shards] == [OURS]
    tidy(tmp_path / "fleet")
    assert not left.exists()


def test_a_shard_that_cannot_be_written_stays_as_it_was_and_says_why(tmp_path: Path) -> None:
    target = tmp_path / f"{OURS}.db"
    target.parent.mkdir(parents=True)
    target.write_bytes(b"no ledger")
    done = fill(Share(name=OURS, sources=(str(LOGS),), mixed=(), size=1), _how(tmp_path))
    assert (done["size"], done["root"], done["appended"]) == (None, None, 0)
    assert "ledger" in done["error"]
    assert target.read_bytes() == b"no ledger"
    assert not list(target.parent.glob(".sealing-*"))


def test_what_somebody_else_sealed_meanwhile_is_not_lost(tmp_path: Path) -> None:
    target, events = tmp_path / f"{OURS}.db", STORIES / "payroll-key-deleted/EventBridge"

    class Meddling(Services):
        """Services, while which are asked for somebody ingests into the shard."""

        def wants(self, event: Description | Sort) -> bool:
            if not target.exists():
                with Case.open_or_create(target, NOW) as case:
                    case.ingest([str(events)], clock=lambda: NOW)
            return super().wants(event)

    how = replace(_how(tmp_path), services=Meddling(is_all=True))
    done = fill(Share(name=OURS, sources=(str(LOGS),), mixed=(), size=1), how)
    assert "meanwhile" in done["error"]
    with Case.open(target) as case:
        assert case.ledger.size > 0
