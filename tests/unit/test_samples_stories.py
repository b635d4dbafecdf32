"""The stories: what lies in `samples/stories`, and what `samples/README.md` says of it."""

from __future__ import annotations

import gzip
import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.answers.explain import explain
from analyzer.answers.shape import Scope
from analyzer.digests.check import check
from analyzer.digests.keys import read_keys
from analyzer.digests.report import Kind, Mark
from analyzer.history.history import History
from analyzer.history.naming import resolve
from analyzer.ingest.ingest import ingest
from analyzer.vouchers import read_held
from ledger.store import Ledger
from tests.replayed import facts_of
from tests.simulator.reading import delivered, delivered_records, delivery_time, trail_files
from tests.simulator.stories import PUBLIC_KEYS, STORIES, Story, write_story
from tests.simulator.stories.__main__ import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLES = Path(__file__).parents[2] / "samples"
SHELF = SAMPLES / "stories"
NAMES = [story.NAME for story in STORIES]
S3_KEY = re.compile(
    r"AWSLogs/(\d{12})/CloudTrail/([a-z0-9-]+)/(\d{4})/(\d{2})/(\d{2})/"
    r"\1_CloudTrail_\2_\3\4\5T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz"
    r"|AWSLogs/(\d{12})/CloudTrail-Digest/([a-z0-9-]+)/(\d{4})/(\d{2})/(\d{2})/"
    r"\6_CloudTrail-Digest_\7_[^/]+_\7_\8\9\10T\d{6}Z\.json\.gz"
)
QUOTED = re.compile(r"`([^`]+)`")


def told() -> dict[str, dict[str, str]]:
    """Read the README's tables: story to question to answer."""
    tables: dict[str, dict[str, str]] = {}
    for section in (SAMPLES / "README.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        rows = re.findall(r"^\| ([a-z ]+) \| (.*) \|$", text, re.MULTILINE)
        if rows:
            tables[title] = {question: answer for question, answer in rows if question != "asked"}
    return tables


@cache
def replayed(story: str) -> History:
    return History(facts_of(delivered(SHELF / story)))


def explained(story: str) -> dict[str, Any]:
    history = replayed(story)
    end = history.end
    assert end is not None
    name = QUOTED.findall(told()[story]["database"])[0]
    scope = Scope(history=history, at=end, known_at=len(history.groups.facts))
    return explain(scope, resolve(history, name, end, ("database",)).id)


def cited(evidence: Mapping[str, Any] | None, *, with_actor: bool = True) -> str:
    if evidence is None:
        return "–"
    called = f"`{evidence['event_name']}` at `{evidence['event_time']}`"
    return f"{called} by `{evidence['actor']}`" if with_actor else called


def dated(bounds: Mapping[str, Any] | None) -> str:
    return "–" if bounds is None else f"`{bounds['since']}` (`{bounds['basis']}`)"


def answers(document: Mapping[str, Any]) -> dict[str, str]:
    """Put an `explain` document into the words of the README's tables."""
    status = document["in_place"]
    until, loss = document["recoverable_until"], document["data_loss_seconds"]
    decisive = [cited(one, with_actor=False) for one in document["decisive"]]
    copies = [f"`{copy['kind']}` {copy['condition']}" for copy in document["copies"]]
    return {
        "database": f"`{document['name']}`",
        "verdict": f"`{document['verdict']}`",
        "unrecoverable since": dated(document["unrecoverable"]),
        "cause": cited(document["cause"]),
        "root cause": cited(document["root_cause"]),
        "decisive": ", ".join(decisive) or "–",
        "recoverable until": "–" if until is None else f"`{until}`",
        "status": f"`{status['status']}` since {dated(status)}",
        "copies": ", ".join(copies),
        "data loss in seconds": "–" if loss is None else f"`{loss}`",
    }


def test_the_readme_tells_every_story_and_no_other() -> None:
    assert sorted(told()) == sorted(NAMES)
    assert sorted(path.name for path in SHELF.iterdir() if path.is_dir()) == sorted(NAMES)


@pytest.mark.parametrize("story", NAMES)
def test_explain_answers_what_the_readme_says(story: str) -> None:
    assert answers(explained(story)) == told()[story]


@pytest.mark.parametrize("story", STORIES, ids=NAMES)
def test_a_story_is_written_anew_byte_for_byte(story: Story, tmp_path: Path) -> None:
    """Compressed bytes may differ with the zlib at hand, so the inflated ones are compared."""
    written = write_story(story, tmp_path)
    shelf = sorted(path for path in (SHELF / story.NAME).rglob("*") if path.is_file())
    assert [path.relative_to(tmp_path) for path in written] == [
        path.relative_to(SHELF) for path in shelf
    ]
    for new, old in zip(written, shelf, strict=True):
        assert inflated(new) == inflated(old), f"{old}: python -m tests.simulator.stories"


def test_the_public_keys_of_the_stories_are_written_anew_byte_for_byte() -> None:
    assert (SAMPLES / KEYS).read_bytes() == PUBLIC_KEYS


def test_the_digest_files_of_a_story_vouch_for_every_log_file_that_they_name(
    tmp_path: Path,
) -> None:
    keys = read_keys([(KEYS, PUBLIC_KEYS)])
    with Ledger.create(tmp_path / "all.db", origin="tests", now=1) as ledger:
        ingest(ledger, [str(SHELF)], clock=lambda: 1)
        report = check(read_held(ledger, ledger.size), keys)
    assert (report.contradictions, report.remarks) == ((), ())
    assert {one.chain.account for one in report.chains} == {"777788889999"}
    assert [one.kind for one in report.gaps] == [Kind.CHAIN_RESTARTED]
    assert report.marks[Mark.VALID] > 20
    assert all(one.named == one.held > 20 for one in report.chains)


def inflated(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


@pytest.mark.parametrize("story", NAMES)
def test_a_story_lies_in_the_layout_of_s3_and_stays_small(story: str) -> None:
    files = [path for path in (SHELF / story).rglob("*") if path.is_file()]
    trail = [path.relative_to(SHELF / story).as_posix() for path in files if path.suffix == ".gz"]
    assert all(S3_KEY.fullmatch(key) for key in trail)
    assert len(trail) < len(files)
    assert sum(path.stat().st_size for path in files) < 300_000


@pytest.mark.parametrize("story", NAMES)
def test_a_story_holds_other_traffic_late_records_and_records_delivered_twice(story: str) -> None:
    records = delivered_records(SHELF / story)
    sources = {record["eventSource"] for record in records}
    assert {"kms.amazonaws.com", "rds.amazonaws.com"} < sources
    assert any("errorCode" in record for record in records)
    ids = [record["eventID"] for record in records]
    assert len(set(ids)) < len(ids)
    lags = [
        delivery_time(path) - datetime.fromisoformat(record["eventTime"])
        for path, records in trail_files(SHELF / story)
        for record in records
    ]
    assert timedelta(0) < min(lags) < timedelta(minutes=15)
    assert timedelta(hours=1) < max(lags) < timedelta(hours=8)


@pytest.mark.parametrize("story", NAMES)
def test_records_of_a_story_do_not_lie_in_the_order_of_their_times(story: str) -> None:
    times = [
        [record["eventTime"] for record in records]
        for _, records in trail_files(SHELF / story)
        if len(records) > 3
    ]
    assert any(listed != sorted(listed) for listed in times)
