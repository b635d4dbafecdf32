"""A fleet in S3: the same answers through a copy that was audited, and no shard read twice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import Result, keyledger
from tests.fleets import damage, fleet_of, fleet_of_stories, sealed, split
from tests.s3.store import Store
from tests.simulator.world import AwsSimulator
from tui.console import ExitCode

PAYROLL, AUDIT = "111122223333/us-east-1", "444455556666/eu-west-1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fleet_of_stories(tmp_path_factory.mktemp("s3") / "fleet")
    sealed(folder, signs=True)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Path(shutil.copytree(made, tmp_path / "fleet"))


def fill(store: Store, folder: Path) -> None:
    """Put the fleet under a prefix, without its secret key."""
    for path in sorted(folder.rglob("*.db")):
        store.put(f"a/fleet/{path.relative_to(folder).as_posix()}", path.read_bytes())


def asked(store: Store, verb: str, *words: str) -> Result:
    result = keyledger("fleet", verb, f"{store.address}/a/fleet", *words, "--format", "json")
    assert "Traceback" not in result.err
    return result


def test_a_fleet_in_s3_answers_like_its_folder(store: Store, folder: Path) -> None:
    fill(store, folder)
    far, near = (
        asked(store, "explain", "payroll"),
        keyledger("fleet", "explain", str(folder), "payroll", "--format", "json"),
    )
    assert far.code is ExitCode.DONE, far.err
    assert json.loads(far.out) == json.loads(near.out)
    assert asked(store, "audit").code is ExitCode.DONE
    one, other = (
        keyledger("state", "--ledger", place, "--format", "json")
        for place in (f"{store.address}/a/fleet", str(folder))
    )
    assert json.loads(one.out) == json.loads(other.out)


def test_only_what_is_new_is_copied_again(store: Store, folder: Path) -> None:
    fill(store, folder)
    store.disturb()
    asked(store, "audit")
    assert len(store.downloads()) == 5
    store.disturb()
    asked(store, "audit")
    assert store.downloads() == []
    more = AwsSimulator(seed=5)
    more.create_key(at=0)
    grown = fleet_of(folder, {PAYROLL: split(more.payloads())[PAYROLL]})
    store.put(f"a/fleet/{PAYROLL}.db", (grown / f"{PAYROLL}.db").read_bytes())
    store.disturb()
    assert json.loads(asked(store, "audit").out)["outcome"] == "intact"
    assert store.downloads() == [f"a/fleet/{PAYROLL}.db"]


def test_a_copy_that_does_not_hold_is_not_trusted_though_nothing_asks_for_the_damage(
    store: Store, folder: Path
) -> None:
    damage(folder / f"{AUDIT}.db", 1)
    fill(store, folder)
    told = asked(store, "explain", "payroll")
    assert told.code is ExitCode.BROKEN
    [lost] = json.loads(told.out)["fleet"]["lost"]
    assert (lost["name"], lost["trouble"]) == (AUDIT, "broken")
    assert json.loads(asked(store, "audit").out)["breaks"][0]["shard"] == AUDIT


def test_a_shard_that_is_taken_away_in_s3_is_missing(store: Store, folder: Path) -> None:
    fill(store, folder)
    assert asked(store, "explain", "audit").code is ExitCode.DONE
    store.s3.delete_object(Bucket=store.bucket, Key=f"a/fleet/{AUDIT}.db")
    told = asked(store, "explain", "payroll")
    assert told.code is ExitCode.INCOMPLETE
    assert json.loads(told.out)["fleet"]["lost"][0]["trouble"] == "missing"


def test_no_key_leads_outside_of_the_copy(store: Store, folder: Path) -> None:
    fill(store, folder)
    for key in ("../up.db", "x/../../up.db", "/root.db", ".hidden/a.db", "a\\b.db", "C:/x.db"):
        store.put(f"a/fleet/{key}", b"no")
    told = json.loads(asked(store, "explain", "payroll").out)
    assert [one["name"] for one in told["fleet"]["shards"] if one["lost"]] == []
    assert not (folder.parent / "up.db").exists()


def test_what_cannot_be_had_is_an_error_and_a_checkpoint_is_made_where_shards_are_written(
    store: Store, folder: Path
) -> None:
    fill(store, folder)
    store.disturb({"kind": "denied", "path": AUDIT, "times": 9})
    denied = asked(store, "explain", "payroll")
    assert denied.code is ExitCode.FAILED
    assert "AccessDenied" in denied.err
    assert keyledger("fleet", "checkpoint", store.address).code is ExitCode.USAGE


@pytest.mark.parametrize("verb", ["explain payroll", "audit", "prove 1#17"])
def test_a_fleet_takes_the_options_of_an_ingest(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    fill(store, folder)
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    store.disturb()
    name, *words = verb.split()
    told = asked(
        store, name, *words, "--endpoint", store.url, "--addressing", "path", "--requester-pays"
    )
    assert told.code is ExitCode.DONE, told.err
    assert {one["payer"] for one in store.asked(method="GET")} == {"requester"}
    assert {one["path"].split("/")[1] for one in store.asked(method="GET")} == {store.bucket}


def test_a_profile_and_a_role_go_with_both_spellings(
    store: Store, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, folder)
    profiles = tmp_path / "credentials"
    profiles.write_text("[audit]\naws_access_key_id = AKIAAUDIT\naws_secret_access_key = s\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profiles))
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(variable)
    place = f"{store.address}/a/fleet"
    store.disturb()
    assert keyledger("state", "--ledger", place, "--profile", "audit").code is ExitCode.DONE
    assert {one["key"].split("/")[0] for one in store.asked(method="GET")} == {"AKIAAUDIT"}
    store.disturb()
    role = ("--profile", "audit", "--role", "arn:aws:iam::111122223333:role/log-reader")
    assert keyledger("fleet", "state", place, *role).code is ExitCode.DONE
    keys = {one["key"].split("/")[0] for one in store.asked(method="GET")}
    assert keys.isdisjoint({"AKIAAUDIT", "AKIATESTS"})
    assert all(keys)
    assert keyledger("state", "--ledger", place, "--profile", "nobody").code is ExitCode.FAILED


@pytest.mark.parametrize(
    "words",
    [("state", "--ledger", "FOLDER"), ("fleet", "state", "FOLDER"), ("fleet", "audit", "FOLDER"),
     ("state",)],
)  # fmt: skip
def test_options_of_aws_mean_nothing_to_a_folder(folder: Path, words: tuple[str, ...]) -> None:
    named = [str(folder) if one == "FOLDER" else one for one in words]
    told = keyledger(*named, "--profile", "audit")
    assert told.code is ExitCode.USAGE
    assert "s3://" in told.err
