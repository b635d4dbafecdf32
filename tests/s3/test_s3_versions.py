"""Objects that were replaced or deleted: their older versions, where somebody asks for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import keyledger
from tests.ingested import record, trail
from tests.s3.store import Store
from tui.console import ExitCode

DAY = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/08"


@pytest.fixture
def replaced(store: Store) -> Store:
    """A log file without a record that it had before; and one that was deleted."""
    store.s3.put_bucket_versioning(
        Bucket=store.bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    store.put(f"{DAY}/a.json", trail(record(1), record(2)))
    store.put(f"{DAY}/a.json", trail(record(2)))
    store.put(f"{DAY}/b.json", trail(record(3)))
    store.s3.delete_object(Bucket=store.bucket, Key=f"{DAY}/b.json")
    store.disturb()
    return store


def _asked(folder: Path, *words: str) -> Any:
    done = keyledger("ingest", *words, "--ledger", "l.db", cwd=folder)
    assert done.code is ExitCode.DONE, done.err
    return json.loads(done.out)


def test_without_being_asked_only_the_newest_versions_are_read(
    replaced: Store, tmp_path: Path
) -> None:
    told = _asked(tmp_path, replaced.address)
    assert (told["totals"]["appended"], told["objects"]["older"]) == (1, 0)


@pytest.mark.parametrize("place", ["", f"/{DAY}/", f"/{DAY}/a.json"])
def test_older_versions_tell_what_was_taken_out(
    replaced: Store, tmp_path: Path, place: str
) -> None:
    is_alone = place.endswith(".json")
    before = _asked(tmp_path, f"{replaced.address}{place}")
    told = _asked(tmp_path, f"{replaced.address}{place}", "--versions")
    assert before["totals"]["appended"] == 1
    assert told["totals"]["appended"] == (1 if is_alone else 2)
    assert told["objects"]["older"] == (1 if is_alone else 2)
    assert told["objects"]["unchanged"] == 1, "the newest one is known already"
    names = [one["source"] for one in told["sources"]]
    assert all("?versionId=" in name for name in names)
    again = _asked(tmp_path, f"{replaced.address}{place}", "--versions")
    assert again["totals"]["sources"] == 0


def test_what_was_deleted_is_told(replaced: Store, tmp_path: Path) -> None:
    words = (replaced.address, "--versions", "--ledger", "l.db")
    done = keyledger("ingest", *words, cwd=tmp_path)
    assert "1 object deleted in S3 meanwhile: what is left are older versions" in done.err


@pytest.mark.long
def test_more_versions_than_a_page_holds_are_all_met(replaced: Store, tmp_path: Path) -> None:
    for number in range(45):
        replaced.put(f"{DAY}/c.json", trail(record(100 + number)))
    told = _asked(tmp_path, replaced.address, "--versions")
    assert told["totals"]["appended"] == 3 + 45
    assert told["objects"]["older"] == 2 + 44
