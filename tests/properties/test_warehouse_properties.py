"""Two answers to one question: what SQL says of a moment, and what the replay says of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings

from analyzer.answers.explain import explain
from analyzer.answers.shape import Document, Scope
from analyzer.answers.state import state
from analyzer.case import Case
from analyzer.warehouse import build, schema
from analyzer.warehouse.engine import Engine
from analyzer.warehouse.rows import plain
from analyzer.warehouse.tables import DERIVED
from tests.golden import ROOT
from tests.model.drive import Pick
from tests.model.driver import Start, drive
from tests.model.script import play, printed
from tests.properties.test_model import Question, histories, moments, questions, starts
from tests.replayed import Replayed
from tests.warehoused import NOW, asked, story

STORIES = sorted(path.name for path in (ROOT / "samples/stories").iterdir())
KEY = {
    "arn": "key_arn", "key_id": "key_id", "state": "state", "since": "since", "basis": "basis",
    "earliest": "earliest", "latest": "latest", "deletion_date": "deletion_date",
    "usable": "usable", "cause": "entry_index",
}  # fmt: skip
DATABASE = {
    "arn": "database_arn", "name": "name", "kind": "kind", "engine": "engine", "key": "key_arn",
    "resource_id": "resource_id", "status": "status", "since": "since", "basis": "basis",
    "earliest": "earliest", "latest": "latest", "verdict": "verdict", "cause": "entry_index",
    "unrecoverable_since": "unrecoverable_since", "recoverable_until": "recoverable_until",
}  # fmt: skip
COPY = {
    "id": "copy_id", "kind": "kind", "key": "key_arn", "condition": "condition", "since": "since",
    "restorable_to": "restorable_to", "expires": "expires", "cause": "entry_index",
}  # fmt: skip


def _said(rows: list[Document], columns: dict[str, str]) -> list[list[Any]]:
    """Return rows of a document as SQL would answer them: a record cited is its entry."""
    return sorted(
        (
            [row[name]["entry"] if name == "cause" and row[name] else row[name] for name in columns]
            for row in rows
        ),
        key=str,
    )


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Return a warehouse without rows."""
    with Engine.writing(tmp_path_factory.mktemp("empty") / "empty.duckdb") as made:
        schema.create(made)
        yield made


def _asked(engine: Engine, macro: str, columns: dict[str, str], at: str) -> list[list[Any]]:
    rows = engine.rows(f"SELECT {', '.join(columns.values())} FROM {macro}('{at}')")
    return sorted(([plain(value) for value in row] for row in rows), key=str)


def _alike(engine: Engine, scope: Scope) -> None:
    said = state(scope, None)
    at = said["at"]
    assert _asked(engine, "key_state_at", KEY, at) == _said(said["keys"], KEY)
    assert _asked(engine, "database_state_at", DATABASE, at) == _said(said["databases"], DATABASE)
    known = [
        one
        for identity in scope.history.groups.database_facts
        if scope.history.database(identity).at(scope.at) is not None
        for one in explain(scope, identity)["copies"]
    ]
    assert _asked(engine, "copies_at", COPY, at) == _said(known, COPY)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(start=starts, calls=histories, asked_for=questions)
def test_sql_and_replay_agree_on_random_histories(
    engine: Engine, start: Start, calls: list[Pick], asked_for: list[Question]
) -> None:
    script = drive(start, calls).script
    note(printed(script))
    replayed = Replayed(play(script)[0])
    build.derive(engine, replayed.scope(), DERIVED[:-1])
    for at in moments(script, asked_for):
        _alike(engine, replayed.scope(timedelta(minutes=at)))


@pytest.mark.parametrize("name", STORIES)
def test_sql_and_replay_agree_on_every_story_at_every_change(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    ledger = story(tmp_path_factory.mktemp(name), name)
    changes = asked(
        ledger,
        "SELECT DISTINCT start_at FROM (SELECT start_at FROM key_spans UNION ALL"
        " SELECT start_at FROM database_spans UNION ALL SELECT start_at FROM copy_spans)"
        " WHERE start_at IS NOT NULL ORDER BY ALL",
    )
    assert changes
    query = f"SELECT {', '.join(DATABASE.values())} FROM database_state_at(asked_at())"
    with Case.open(ledger) as case:
        for change in changes[:: max(1, len(changes) // 6)]:
            at = change["start_at"]
            said = case.state(None, at, None, NOW)["databases"]
            with case.query(query, {}, at=at, now=NOW) as rows:
                found = sorted((list(row.values()) for row in rows), key=str)
            assert found == _said(said, DATABASE)
