"""Lost shards: what is missing, damaged or rewritten is said, and the rest answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analyzer.fleet.fleet import Fleet
from analyzer.lost import Trouble
from tests.fleets import (
    AWAY,
    DAY,
    OURS,
    THEIRS,
    damage,
    estate,
    explained,
    fleet_of,
    outcome,
    sealed,
    split,
)
from tests.simulator.world import AwsSimulator
from tests.warehoused import NOW


@pytest.fixture(scope="module")
def world() -> AwsSimulator:
    return estate()


@pytest.fixture(scope="module")
def made(world: AwsSimulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed fleet of three shards."""
    folder = fleet_of(tmp_path_factory.mktemp("made") / "fleet", split(world.payloads()))
    sealed(folder, signs=True)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "fleet"))


def test_a_missing_shard_is_said_and_the_rest_answers(folder: Path) -> None:
    (folder / f"{AWAY}.db").unlink()
    told = explained(folder, "books")
    assert [one["trouble"] for one in told["fleet"]["lost"]] == ["missing"]
    assert any(AWAY in note and "missing" in note for note in told["notes"])
    assert explained(folder, "orders")["verdict"] == "unrecoverable"
    found = outcome(folder)
    assert found["outcome"] == "incomplete"
    assert [one["outcome"] for one in found["shards"] if one["name"] == AWAY] == ["incomplete"]


def test_without_the_shard_of_the_key_nothing_is_said_to_be_lost(folder: Path) -> None:
    (folder / f"{THEIRS}.db").unlink()
    told = explained(folder, "orders")
    assert told["verdict"] == "unknown"
    assert any(THEIRS in note for note in told["notes"])


def test_what_clocks_conclude_about_a_lost_shards_account_and_region_is_inferred(
    tmp_path: Path,
) -> None:
    aws = AwsSimulator(seed=2)
    key = aws.create_key("k", at=0)
    aws.create_db_instance("orders", key, at=DAY)
    aws.disable_key(key, at=2 * DAY)
    aws.describe_key(key, at=30 * DAY)
    name, other = OURS, f"second/{OURS}"
    folder = fleet_of(tmp_path / "fleet", {name: aws.payloads(), other: aws.payloads()[:1]})
    sealed(folder)
    assert explained(folder, "orders")["in_place"]["basis"] == "bounded"
    (folder / f"{other}.db").unlink()
    told = explained(folder, "orders")
    assert told["in_place"]["basis"] == "inferred"
    assert any("All the time the ledger with the evidence" in note for note in told["notes"])
    with Fleet.open(folder) as fleet:
        [gap] = [one for one in fleet.gaps("end", None, NOW)["gaps"] if one["kind"] == "shard-lost"]
    assert (gap["name"], gap["account"], gap["region"]) == (other, *name.split("/"))
    assert gap["databases"] == [told["database"]]


@pytest.mark.parametrize("lane", [0, 1], ids=["control", "usage"])
def test_a_damaged_shard_is_left_out_wherever_the_damage_shows(folder: Path, lane: int) -> None:
    damage(folder / f"{THEIRS}.db", lane)
    with Fleet.open(folder) as fleet:
        with fleet.ask(
            lambda case: case.query("SELECT DISTINCT account FROM events", {}, now=NOW)
        ) as rows:
            assert [row["account"] for row in rows] == ["111122223333"]
        assert [(one.name, one.trouble) for one in fleet.lost] == [(THEIRS, Trouble.BROKEN)]
        told = fleet.ask(lambda case: case.explain("books", "end", None, NOW))
        assert told["verdict"] == "unknown"
    found = outcome(folder)
    assert found["outcome"] == "broken"
    assert {one["shard"] for one in found["breaks"]} == {THEIRS}


@pytest.mark.parametrize("content", [b"", b"not a ledger at all" * 300])
def test_a_file_that_is_no_ledger_is_unreadable_and_incomplete(
    folder: Path, content: bytes
) -> None:
    (folder / f"{AWAY}.db").write_bytes(content)
    with Fleet.open(folder) as fleet:
        assert [one.trouble for one in fleet.lost] == [Trouble.UNREADABLE]
    assert outcome(folder)["outcome"] == "incomplete"


def test_a_shard_whose_name_cannot_be_printed_is_left_out(folder: Path) -> None:
    shutil.copy(folder / f"{AWAY}.db", folder / "two\nlines.db")
    with Fleet.open(folder) as fleet:
        assert [one.trouble for one in fleet.lost] == [Trouble.UNREADABLE]
        assert fleet.checkpoint(None, None, NOW)["added"] == 0


def test_a_shard_that_was_rewritten_does_not_extend_what_was_sealed(
    folder: Path, tmp_path: Path, world: AwsSimulator
) -> None:
    other = fleet_of(tmp_path / "other", {THEIRS: split(world.payloads())[THEIRS][:1]})
    shutil.copy(other / f"{THEIRS}.db", folder / f"{THEIRS}.db")
    with Fleet.open(folder) as fleet:
        assert [one.trouble for one in fleet.lost] == [Trouble.REWRITTEN]
        assert fleet.checkpoint(None, None, NOW)["added"] == 0
    assert outcome(folder)["outcome"] == "broken"


def test_a_fleet_that_was_cut_is_seen_by_a_checkpoint_that_was_kept(
    folder: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(sealed(folder)["note"])
    assert outcome(folder, against=kept)["outcome"] == "intact"
    (folder / "fleet.db").unlink()
    (folder / "fleet.db.key.last").unlink()
    sealed(folder)
    assert outcome(folder, against=kept)["outcome"] == "broken"
