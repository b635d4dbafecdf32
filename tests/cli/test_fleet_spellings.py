"""What a ledger answers a fleet answers too, by `--ledger FOLDER` and by `keyledger fleet`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.fleets import fleet_of_stories, sealed
from tui.console import ExitCode
from tui.fleet import ASKED

CALL = "ed3fca5b-225d-4a17-869e-471a6b8600cf"
WORDS = {
    "explain": ["payroll"],
    "timeline": ["payroll"],
    "report": ["payroll", "--known-at", "2026-07-01"],
    "blast": ["alias/payroll", "--at", "2026-03-02"],
    "diff": ["2026-03-02..2026-03-12"],
    "whatif": ["--skip", CALL],
    "query": ["databases_at_stake"],
    "warehouse": ["path"],
    "export": ["csv", "-o", "-"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All stories, by account and Region."""
    made = fleet_of_stories(tmp_path_factory.mktemp("spellings") / "fleet")
    sealed(made)
    return made


@pytest.mark.parametrize("name", [one for one in ASKED if one != "tui"])
def test_both_spellings_answer_the_same(folder: Path, name: str) -> None:
    words = WORDS.get(name, [])
    one = keyledger(name, *words, "--ledger", "fleet", cwd=folder.parent)
    other = keyledger("fleet", name, "fleet", *words, cwd=folder.parent)
    assert one.code is other.code is ExitCode.DONE, one.err
    assert one.out == other.out
    assert bool(one.out) is (name not in {"rejects", "undecoded"})


@pytest.mark.parametrize("name", ["state", "timeline", "find", "gaps", "diff", "blast", "whatif"])
def test_an_answer_names_the_shard_of_each_entry(folder: Path, name: str) -> None:
    words = WORDS.get(name, [])
    told = keyledger("fleet", name, str(folder), *words, "--format", "json")
    document = json.loads(told.out)
    assert [one["lost"] for one in document["fleet"]["shards"]] == [False] * 4
    cited = list(_cited(document))
    names = {one["name"] for one in document["fleet"]["shards"]}
    assert all(one["shard"] in names and one["shard_entry"] >= 0 for one in cited)
    assert cited
    page = keyledger("fleet", name, str(folder), *words, "--format", "table").out
    assert "Shards  2#17 is entry 17 of shard 2" in page


@pytest.mark.parametrize(
    "name", ["state", "timeline", "find", "gaps", "query", "export", "rejects"]
)
def test_every_command_says_what_it_does_without(folder: Path, tmp_path: Path, name: str) -> None:
    lost = "444455556666/eu-west-1"
    place = folder / f"{lost}.db"
    aside = place.rename(tmp_path / "aside")
    try:
        told = keyledger("fleet", name, str(folder), *WORDS.get(name, []))
    finally:
        aside.rename(place)
    assert told.code is ExitCode.INCOMPLETE
    assert f"shard {lost} is missing" in told.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("audit",), "keyledger fleet audit fleet asks all of them"),
        (("prove", CALL), "keyledger fleet prove fleet asks all of them"),
        (("redact", "1", "--reason", "r"), "name a file in it with --ledger"),
        (("state", "--seal"), "name a file in it with --ledger"),
        (("ingest", "nothing"), "name a file in it with --ledger"),
        (("export", "ledger", "-o", "copy"), "name a file in it with --ledger"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_only_one_ledger_can_do_says_what_to_type_instead(
    folder: Path, words: tuple[str, ...], told: str
) -> None:
    done = keyledger(*words, "--ledger", "fleet", cwd=folder.parent)
    assert done.code is ExitCode.USAGE
    assert "fleet is a folder of ledgers, and this is about one" in done.err
    assert told in done.err


def _cited(value: object) -> list[dict[str, int]]:
    """Return every object that cites an entry."""
    if isinstance(value, list):
        return [one for part in value for one in _cited(part)]
    if not isinstance(value, dict):
        return []
    below = [one for part in value.values() for one in _cited(part)]
    return [value, *below] if isinstance(value.get("entry"), int) else below
