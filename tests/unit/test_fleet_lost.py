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


def test_where_the_only_copy_may_be_in_the_lost_shard_nothing_is_said_to_be_lost(
    folder: Path,
) -> None:
    (folder / f"{AWAY}.db").unlink()
    told = explained(folder, "books")
    assert (told["verdict"], told["unrecoverable"], told["recoverable_until"]) == (
        "unknown",
        None,
        None,
    )
    assert told["doubt"]["seen"] == "unrecoverable"
    assert told["doubt"]["unrecoverable"]["since"] == "2026-01-13T00:00:00Z"
    assert told["doubt"]["could_be"] == ["at-risk"]
    assert told["doubt"]["shards"] == [{"name": AWAY, "may_hold": ["copy"]}]
    assert "which may hold a copy of its data" in told["notes"][0]
    with Fleet.open(folder) as fleet:
        rows = {one["name"]: one for one in fleet.state(None, "end", None, NOW)["databases"]}
        [gap] = [one for one in fleet.gaps("end", None, NOW)["gaps"] if one["name"] == AWAY]
        spans = fleet.timeline("books", "end", None, NOW)["spans"]
    assert (rows["books"]["verdict"], rows["books"]["doubt"]) == ("unknown", told["doubt"])
    assert rows["books"]["unrecoverable_since"] is None
    assert (spans[-1]["verdict"], spans[-1]["doubt"]) == ("unknown", told["doubt"])
    assert gap["databases"] == [told["database"]]


def test_a_lost_shard_that_can_hold_nothing_of_a_database_leaves_its_verdict(
    folder: Path,
) -> None:
    """Nothing was ever made of it that could have gone to another Region."""
    (folder / f"{AWAY}.db").unlink()
    told = explained(folder, "orders")
    assert (told["verdict"], told["doubt"]) == ("unrecoverable", None)
    [note] = [note for note in told["notes"] if AWAY in note]
    assert "what happened in account 111122223333 in eu-west-1 is unseen" in note
    assert "The verdict does not depend on it." in note


def test_an_alert_on_what_is_seen_does_not_fall_silent_when_a_shard_is_lost(folder: Path) -> None:
    (folder / f"{AWAY}.db").unlink()
    with Fleet.open(folder) as fleet:
        found = fleet.find("end", None, NOW)["findings"]
        with fleet.query("databases_at_stake", {}, now=NOW) as rows:
            at_stake = [(row["name"], row["verdict"]) for row in rows]
    lost = [one for one in found if one["rule"] == "rds.unrecoverable"]
    assert sorted(one["resource"].rpartition(":")[2] for one in lost) == ["books", "orders"]
    assert sorted(at_stake) == [("books", "unknown"), ("orders", "unrecoverable")]


def test_where_the_records_of_the_key_are_lost_a_use_of_it_proves_nothing(tmp_path: Path) -> None:
    """Of two trails of the key's account one ledger is lost: it may tell that the key is, too."""
    aws = AwsSimulator(seed=4)
    theirs = aws.create_key("shared", at=0, account="999988887777")
    aws.create_db_instance("orders", theirs, at=DAY)
    parts = split(aws.payloads())
    folder = fleet_of(tmp_path / "fleet", {**parts, f"second/{THEIRS}": parts[THEIRS][:1]})
    sealed(folder)
    assert explained(folder, "orders")["verdict"] == "healthy"
    (folder / f"second/{THEIRS}.db").unlink()
    told = explained(folder, "orders")
    assert told["verdict"] == "unknown"
    assert (told["doubt"]["seen"], told["doubt"]["unrecoverable"]) == ("healthy", None)
    assert told["doubt"]["could_be"] == [
        "at-risk", "recoverable", "recoverable-with-action", "unrecoverable",
    ]  # fmt: skip
    assert "key" in told["doubt"]["shards"][0]["may_hold"]
    assert {one["condition"] for one in told["copies"]} == {"unknown"}


@pytest.mark.parametrize(
    ("lost", "verdict"),
    [
        ("111122223333/ap-south-1", "recoverable"),
        ("555566667777/us-east-1", "recoverable"),
        ("111122223333/eu-west-1", "unknown"),
        ("of nobody knows where", "unknown"),
    ],
)
def test_data_that_a_copy_holds_which_is_seen_can_be_had_whatever_else_is_lost(
    tmp_path: Path, lost: str, verdict: str
) -> None:
    """Only the shard with the records of that copy may tell that it is gone."""
    aws = AwsSimulator(seed=8)
    key, own = aws.create_key("k", at=0), aws.create_key("own", at=0, region="eu-west-1")
    books = aws.create_db_instance("books", key, at=DAY, retention=0)
    snapshot = aws.create_db_snapshot(books, "before", at=2 * DAY)
    aws.copy_db_snapshot(snapshot, "far", own, at=3 * DAY, region="eu-west-1")
    aws.delete_db_snapshot(snapshot, at=4 * DAY)
    aws.delete_db_instance(books, at=4 * DAY)
    folder = _without(tmp_path, aws, lost)
    assert explained(folder, "books")["verdict"] == verdict


@pytest.mark.parametrize(
    ("lost", "verdict"),
    [("555566667777/us-east-1", "unknown"), ("888899990000/us-east-1", "unrecoverable")],
)
def test_only_an_account_with_which_a_snapshot_was_shared_can_hold_a_copy(
    tmp_path: Path, lost: str, verdict: str
) -> None:
    aws = AwsSimulator(seed=8)
    books = aws.create_db_instance("books", aws.create_key("k", at=0), at=DAY, retention=0)
    snapshot = aws.create_db_snapshot(books, "before", at=2 * DAY)
    aws.share_snapshot(snapshot, at=3 * DAY, add=("555566667777",))
    aws.delete_db_snapshot(snapshot, at=4 * DAY)
    aws.delete_db_instance(books, at=5 * DAY)
    folder = _without(tmp_path, aws, lost)
    assert explained(folder, "books")["verdict"] == verdict


@pytest.mark.parametrize(("is_backed_up", "verdict"), [(True, "unknown"), (False, "unrecoverable")])
def test_what_aws_backup_holds_may_have_been_copied_to_any_account(
    tmp_path: Path, is_backed_up: bool, verdict: str
) -> None:
    aws = AwsSimulator(seed=8)
    books = aws.create_db_instance("books", aws.create_key("k", at=0), at=DAY, retention=0)
    if is_backed_up:
        aws.expire_recovery_point(aws.back_up(books, at=2 * DAY), at=3 * DAY)
    aws.delete_db_instance(books, at=5 * DAY)
    folder = _without(tmp_path, aws, "555566667777/us-east-1")
    assert explained(folder, "books")["verdict"] == verdict


def _without(tmp_path: Path, aws: AwsSimulator, lost: str) -> Path:
    """Return a fleet of which one shard is lost; it held nothing that the other one does not."""
    folder = fleet_of(tmp_path / "fleet", {OURS: aws.payloads(), lost: aws.payloads()[:1]})
    sealed(folder)
    (folder / f"{lost}.db").unlink()
    return folder


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
