"""Fleets: what joins across shards, how entries are numbered, what a checkpoint seals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from analyzer import place
from analyzer.case import Case
from analyzer.errors import (
    AmbiguousEntryError,
    NoFleetError,
    UncoveredEntryError,
    UnknownEntryError,
    UnreadableTimeError,
)
from analyzer.fleet.fleet import Fleet
from tests.fleets import (
    AWAY,
    OURS,
    SEED,
    THEIRS,
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


def test_a_key_of_another_account_and_a_copy_in_another_region_are_found(folder: Path) -> None:
    orders, books = explained(folder, "orders"), explained(folder, "books")
    assert (orders["verdict"], books["verdict"]) == ("unrecoverable", "at-risk")
    assert orders["root_cause"]["shard"] == THEIRS
    assert orders["root_cause"]["event_name"] == "ScheduleKeyDeletion"
    usable = [one["kind"] for one in books["copies"] if one["condition"] == "usable"]
    assert usable == ["snapshot-copy"]


def test_an_entry_is_numbered_by_its_shard_and_its_place_there(folder: Path) -> None:
    cause = explained(folder, "orders")["root_cause"]
    with Fleet.open(folder) as fleet:
        number = next(one.number for one in fleet.shards if one.name == THEIRS)
        assert place.split(cause["entry"]) == (number, cause["shard_entry"])
        assert place.spelled(cause["entry"]) == f"{number}#{cause['shard_entry']}"
        assert place.parse(place.spelled(cause["entry"])) == cause["entry"]
        assert fleet.custody.sealed(cause["entry"])["entry"] == cause["entry"]
        with pytest.raises(IndexError):
            fleet.custody.sealed(place.base_of(number) + 10_000)
        with pytest.raises(IndexError):
            fleet.custody.sealed(17)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("#17", 17),
        ("3#17", 3_000_000_000_017),
        ("17", None),
        ("3#", None),
        ("#-1", None),
        ("\u0663#1", None),
    ],
)
def test_a_place_has_one_spelling(written: str, number: int | None) -> None:
    assert place.parse(written) == number


def test_a_shard_keeps_its_number_when_others_come(folder: Path, world: AwsSimulator) -> None:
    with Fleet.open(folder) as fleet:
        before = {one.name: one.number for one in fleet.shards}
    fleet_of(folder, {"000000000000/us-east-1": world.payloads()[:1]})
    with Fleet.open(folder) as fleet:
        after = {one.name: one.number for one in fleet.shards}
    assert {**before, "000000000000/us-east-1": 4} == after


def test_a_checkpoint_seals_only_what_has_grown(folder: Path, world: AwsSimulator) -> None:
    assert sealed(folder)["added"] == 0
    more = AwsSimulator(seed=5)
    more.create_key("more", at=0)
    fleet_of(folder, {OURS: more.payloads()})
    grown = sealed(folder)
    assert grown["added"] == 1
    assert grown["signed_by"]
    assert outcome(folder)["outcome"] == "intact"


def test_a_shard_that_somebody_is_writing_is_read_as_it_is(
    folder: Path, world: AwsSimulator
) -> None:
    with Case.open(folder / f"{OURS}.db") as writer, Fleet.open(folder) as fleet:
        before = fleet.size
        more = AwsSimulator(seed=5)
        more.create_key("more", at=0)
        source = folder / "more.jsonl"
        source.write_bytes(b"\n".join(more.payloads()))
        writer.ingest([str(source)], clock=lambda: NOW)
        assert fleet.size > before
        keys = {one["arn"] for one in fleet.state(None, "end", None, NOW)["keys"]}
        assert any(":key/" in arn and arn not in str(world.payloads()) for arn in keys)


def test_without_a_checkpoint_an_audit_says_that_nobody_knows_which_shards_there_were(
    world: AwsSimulator, tmp_path: Path
) -> None:
    found = outcome(fleet_of(tmp_path / "fleet", split(world.payloads())))
    assert found["outcome"] == "intact"
    assert "no checkpoint of the fleet was ever made" in found["notes"][0]


def test_the_same_record_with_other_content_in_two_shards_is_a_contradiction(
    tmp_path: Path,
) -> None:
    aws = AwsSimulator(seed=3)
    key = aws.create_key(at=0)
    orders = aws.create_db_instance("orders", key, at=1)
    payloads = aws.payloads()
    other = [one.replace(b'"postgres"', b'"oracle-se2"') for one in payloads]
    spelled = [one.replace(b'":', b'" :') for one in payloads]
    folder = fleet_of(tmp_path / "fleet", {"a": payloads, "b": spelled, "c": other})
    with Fleet.open(folder) as fleet:
        found = fleet.find("end", None, NOW)["findings"]
        [contradiction] = [one for one in found if one["rule"] == "ledger.conflict"]
        assert [place.split(one["entry"])[0] for one in contradiction["evidence"]] == [1, 3]
        [row] = fleet.state(None, "end", None, NOW)["databases"]
        assert (row["name"], row["engine"]) == (orders.name, "postgres")


def test_entries_have_no_order_among_shards_so_none_can_be_counted(folder: Path) -> None:
    with Fleet.open(folder) as fleet:
        with pytest.raises(UnreadableTimeError):
            fleet.state(None, "end", "#3", NOW)
        assert fleet.state(None, "end", "2020-01-01", NOW)["known_at"] == 0
        with fleet.query("FROM events", {}, known_at="2020-01-01", now=NOW) as rows:
            assert list(rows) == []


def test_the_warehouse_is_extended_shard_by_shard_and_forgets_a_lost_one(folder: Path) -> None:
    def entries() -> int:
        with (
            Fleet.open(folder) as fleet,
            fleet.query("SELECT count(*) AS n FROM events", {}, now=NOW) as rows,
        ):
            return int(next(iter(rows))["n"])

    before = entries()
    more = AwsSimulator(seed=5)
    more.create_key(at=0)
    fleet_of(folder, {OURS: more.payloads()})
    assert entries() == before + 1
    with Fleet.open(folder) as fleet:
        away = next(one for one in fleet.archive.volumes if one.name == AWAY).size
    (folder / f"{AWAY}.db").unlink()
    assert entries() == before + 1 - away


def test_a_folder_without_ledgers_is_no_fleet_and_stays_as_it_is(tmp_path: Path) -> None:
    for folder, said in (
        (tmp_path / "no", "not there"),
        (tmp_path, "no ledger"),
        (Path(__file__), "no folder"),
    ):
        with pytest.raises(NoFleetError, match=said):
            Fleet.found(folder, NOW, SEED[:16])
    assert list(tmp_path.iterdir()) == []


def test_an_entry_is_found_by_number_by_name_and_by_its_event(folder: Path) -> None:
    with Fleet.open(folder) as fleet:
        number = next(one.number for one in fleet.shards if one.name == THEIRS)
        by_number = fleet.prove(f"{number}#0")
        assert by_number == fleet.prove(f"{THEIRS}#0")
        assert by_number == fleet.prove(by_number["record"]["event_id"])
        assert by_number["fleet"]["shard"] == THEIRS
        for name in ("#0", "9#0", f"{number}#999", "nothing", f"{THEIRS}#x", "a/b#0"):
            with pytest.raises(UnknownEntryError):
                fleet.prove(name)


def test_what_no_checkpoint_of_the_fleet_covers_cannot_be_proved_yet(
    folder: Path, world: AwsSimulator
) -> None:
    copied = split(world.payloads())[OURS][:1]
    fleet_of(folder, {"000000000000/us-east-1": copied})
    with Fleet.open(folder) as fleet:
        with pytest.raises(UncoveredEntryError):
            fleet.prove("4#0")
        with pytest.raises(AmbiguousEntryError) as raised:
            fleet.prove(json.loads(copied[0])["eventID"])
        assert len(raised.value.entries) == 2
