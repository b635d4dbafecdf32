"""What S3 is asked for: the folders that were selected, every page, nothing that is sealed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.store import Ledger
from tests.cli.terminal import keyledger
from tests.ingested import record, trail
from tests.s3.asking import DAY, asked, counted, lay_out
from tests.s3.store import PAGE, Store
from tui.console import ExitCode


def test_only_the_folders_of_the_selection_are_listed(store: Store, tmp_path: Path) -> None:
    lay_out(store)
    store.disturb()
    wanted = ("--account", "444455556666", "--region", "us-east-1", "--since", "2026-01-08",
              "--until", "2026-01-08")  # fmt: skip
    result, document = asked(store, *wanted, cwd=tmp_path)
    assert result.code is ExitCode.DONE
    base = "AWSLogs/o-abc123/444455556666/"
    trail_ = f"{base}CloudTrail/us-east-1/"
    assert sorted(store.listed()) == sorted(
        ["", "AWSLogs/", "AWSLogs/o-abc123/", "notes/", base,
         f"{base}CloudTrail/", trail_, f"{trail_}2026/", f"{trail_}2026/01/",
         f"{trail_}2026/01/08/", f"{trail_}2026/01/09/"]
    )  # fmt: skip
    assert document["objects"] == counted(listings=11, found=3, unchanged=0)
    assert document["totals"]["appended"] == 3


@pytest.mark.long
def test_without_a_selection_a_region_is_listed_at_once(store: Store, tmp_path: Path) -> None:
    lay_out(store)
    store.disturb()
    result, document = asked(store, cwd=tmp_path)
    assert [one for one in store.listed() if "/2026" in one] == []
    assert document["totals"]["appended"] == 13
    assert "/Config/: left out, CloudTrail does not write there" in result.err


@pytest.mark.long
def test_what_is_sealed_is_not_downloaded_again(store: Store, tmp_path: Path) -> None:
    lay_out(store)
    _, first = asked(store, cwd=tmp_path)
    store.disturb()
    _, second = asked(store, cwd=tmp_path)
    assert store.downloads() == []
    assert second["objects"] == {**first["objects"], "unchanged": 13}
    assert second["ledger"]["root"] == first["ledger"]["root"]

    store.put("notes/loose.json", trail(record(99), record(100)))
    _, third = asked(store, cwd=tmp_path)
    assert store.downloads() == ["notes/loose.json"]
    assert (third["totals"]["appended"], third["totals"]["duplicates"]) == (1, 1)

    store.disturb()
    _, other = asked(store, "--services", "rds", cwd=tmp_path)
    assert len(store.downloads()) == 13
    assert other["totals"]["skipped"] == 14
    store.disturb()
    _, again = asked(store, "--reread", cwd=tmp_path)
    assert len(store.downloads()) == 13
    assert again["totals"]["duplicates"] == 14


@pytest.mark.long
def test_what_is_remembered_may_be_lost_or_be_of_another_time(store: Store, tmp_path: Path) -> None:
    store.put("a.json", trail(record(1)))
    asked(store, cwd=tmp_path)
    path = tmp_path / "keyledger.db"
    for statement in ("DELETE FROM derived_marks", "DROP TABLE derived_marks",
                      "UPDATE derived_marks SET size = 99", "DELETE FROM derived_sources",
                      "DROP TABLE derived_sources"):  # fmt: skip
        with Ledger.open(path) as ledger:
            ledger.rows.connection.execute(statement)
        store.disturb()
        result, document = asked(store, cwd=tmp_path)
        assert result.code is ExitCode.DONE
        assert store.downloads() == ["a.json"]
        assert document["totals"]["duplicates"] == 1
    store.disturb()
    asked(store, cwd=tmp_path)
    assert store.downloads() == []


@pytest.mark.long
def test_an_object_alone_and_a_folder_with_or_without_a_slash(store: Store, tmp_path: Path) -> None:
    store.put("logs/a.json", trail(record(1)))
    store.put("logs/a.json.more/b.json", trail(record(2)))
    store.put("logs2/c.json", trail(record(3)))
    for address, count in (("logs/a.json", 1), ("logs", 2), ("logs/", 2), ("", 3)):
        result = keyledger(
            "ingest", f"{store.address}/{address}", "--ledger", f"{count}{len(address)}.db",
            cwd=tmp_path,
        )  # fmt: skip
        assert json.loads(result.stdout)["totals"]["appended"] == count
    missing = keyledger("ingest", f"{store.address}/log", cwd=tmp_path)
    assert missing.code is ExitCode.FAILED
    assert "there is no object and no folder of this name" in missing.err


@pytest.mark.long
def test_more_objects_than_a_page_holds_are_all_met(store: Store, tmp_path: Path) -> None:
    for number in range(2 * PAGE + 1):
        store.put(f"{DAY}/{number:04}.json", b'{"Records":[]}')
    store.disturb()
    _, document = asked(store, "--account", "111122223333", cwd=tmp_path)
    assert document["objects"]["found"] == 2 * PAGE + 1
    assert store.listed().count("AWSLogs/111122223333/CloudTrail/us-east-1/") == 3
