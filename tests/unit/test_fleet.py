"""Fleets: what joins across shards, what a lost shard takes away, and what is proved of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

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
from analyzer.lost import Trouble
from ledger.segment import deflate, inflate
from tests.fleets import SEED, fleet_of, sealed, split
from tests.ledger_support import sqlite3
from tests.simulator.actors import role
from tests.simulator.world import AwsSimulator
from tests.warehoused import NOW

DAY = timedelta(days=1)
OURS, THEIRS, AWAY = "111122223333/us-east-1", "999988887777/us-east-1", "111122223333/eu-west-1"


@pytest.fixture(scope="module")
def world() -> AwsSimulator:
    """A database under a key of another account, which is deleted; a copy in another Region."""
    aws = AwsSimulator(seed=11)
    theirs = aws.create_key("shared", at=0, account="999988887777")
    own = aws.create_key("own", at=0, region="eu-west-1")
    orders = aws.create_db_instance("orders", theirs, at=DAY, retention=0)
    ledgers = aws.create_db_instance("books", theirs, at=DAY, retention=0)
    snapshot = aws.create_db_snapshot(ledgers, "before", at=2 * DAY)
    aws.copy_db_snapshot(snapshot, "far", own, at=3 * DAY, region="eu-west-1")
    aws.decrypt(theirs, at=3 * DAY, context=orders.context)
    aws.schedule_key_deletion(
        theirs, 7, at=4 * DAY, actor=role("cleanup", "pat", account="999988887777")
    )
    aws.delete_key(theirs, at=12 * DAY, account="999988887777")
    return aws


@pytest.fixture(scope="module")
def made(world: AwsSimulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed fleet of three shards."""
    folder = fleet_of(tmp_path_factory.mktemp("made") / "fleet", split(world.payloads()))
    sealed(folder, signs=True)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "fleet"))


@contextmanager
def forged(path: Path) -> Iterator[Any]:
    """A ledger's file, without its guards."""
    with closing(sqlite3.connect(path)) as conn, conn:
        for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            conn.execute(f"DROP TRIGGER {name}")
        yield conn


def damage(path: Path, lane: int) -> None:
    """Change a letter in the payloads of a lane."""
    with forged(path) as conn:
        rows = conn.execute("SELECT first, payloads FROM frames WHERE lane = ?", (lane,)).fetchall()
        for first, frame in rows:
            raw = inflate(bytes(frame), at_most=1 << 24)
            changed = deflate(raw.replace(b"eventName", b"eventNamf", 1))
            conn.execute(
                "UPDATE frames SET payloads = ? WHERE first = ? AND lane = ?",
                (changed, first, lane),
            )


def explained(folder: Path, name: str) -> dict[str, Any]:
    with Fleet.open(folder) as fleet:
        return fleet.told(fleet.ask(lambda case: case.explain(name, "end", None, NOW)))


def outcome(folder: Path, **options: Any) -> dict[str, Any]:
    with Fleet.open(folder) as fleet:
        return fleet.custody.audit(**options).document()


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
    assert told["verdict"] in {"unknown", "healthy"}
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
        assert told["verdict"] in {"unknown", "healthy"}
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
