"""The catalogue: house rules for every file, and what each answers where it matches and where not.

A query's golden file holds its rows in the worlds in which it has some; on a calm world whatever
is marked with a severity must stay silent. Rows are cut after the first few, their number is told.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import click
import pytest

from analyzer import catalogue
from analyzer.case import Case
from analyzer.catalogue import HeaderError, Query
from analyzer.warehouse.engine import parameters_of
from analyzer.warehouse.errors import UnknownQueryError
from tests.catalogue.worlds import calm, intrusion
from tests.golden import ROOT, Golden
from tests.warehoused import NOW, sealed, spelled, story
from tests.warehoused import TYPED as OF_PAYROLL
from tui.cli import keyledger as group

QUERIES = catalogue.queries()
GOLDEN = Path(__file__).parent / "golden"
SHOWN = 5
"""Rows of each world that a golden file holds."""

TYPED = {
    "payroll-key-deleted": OF_PAYROLL,
    "intrusion": {
        "key": "alias/spare",
        "database": "orders",
        "moment": "2026-03-11T09:00:00Z",
        "actor": "svc-legacy",
        "address": "192.0.2.77",
        "minutes": "5",
    },
    "calm": {
        "key": "alias/vault",
        "database": "ledger",
        "moment": "2026-02-20",
        "actor": "nobody",
        "address": "203.0.113.1",
    },
}
"""What is typed where a query needs to be told."""

_SOURCE = re.compile(r'("(?:first_)?source": )"[^"]*/([^"/]*)"')
"""The path of a source, which differs from run to run."""

parametrized = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)


class World:
    """The open ledger of a world; every query is asked of it once."""

    def __init__(self, name: str, case: Case) -> None:
        self.name = name
        self.case = case
        self._answers: dict[str, tuple[tuple[str, ...], list[dict[str, Any]]]] = {}

    def ask(self, query: Query) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
        """Return the columns and the rows that a query answers."""
        if query.name not in self._answers:
            names = {one.name for one in query.parameters}
            typed = {name: value for name, value in TYPED[self.name].items() if name in names}
            with self.case.query(query.name, typed, now=NOW) as rows:
                self._answers[query.name] = rows.columns, list(rows)
        return self._answers[query.name]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[World]]:
    """Return all worlds."""
    folders = {name: tmp_path_factory.mktemp(name) for name in TYPED}
    told = {"calm": calm(), "intrusion": intrusion()}
    made = {name: sealed(folders[name], map(spelled, aws.events())) for name, aws in told.items()}
    name = "payroll-key-deleted"
    ledgers = {name: story(folders[name], name), **made}
    with ExitStack() as stack:
        yield [World(one, stack.enter_context(Case.open(path))) for one, path in ledgers.items()]


@parametrized
def test_a_query_answers_as_it_did(query: Query, worlds: list[World], golden: Golden) -> None:
    told: list[str] = []
    for world in worlds:
        rows = [json.dumps(row, ensure_ascii=False) for row in world.ask(query)[1]]
        if query.severity is not None and world.name == "calm":
            assert rows == []
        elif rows:
            told += [f"# {world.name}: {len(rows)}", *islice(rows, SHOWN)]
    assert told, "a query that finds nothing anywhere proves nothing"
    placeless = _SOURCE.sub(r'\1"\2"', "\n".join(told))
    golden.same(GOLDEN / f"{query.name}.txt", placeless + "\n")


def test_no_golden_file_is_left_of_a_query_that_is_gone() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {query.name for query in QUERIES}


def test_there_are_questions_enough() -> None:
    assert len(QUERIES) >= 30


@parametrized
def test_the_parameters_that_are_declared_are_those_that_are_used(query: Query) -> None:
    assert parameters_of(query.sql) == {one.name for one in query.parameters}


@parametrized
def test_rows_come_in_a_total_order(query: Query, worlds: list[World]) -> None:
    clause = re.split(r"\bORDER BY\b", query.sql)[-1]
    keys = [_key(part) for part in _parts(clause)]
    for world in worlds:
        columns, rows = world.ask(query)
        named = [key for key in keys if key in columns]
        assert len({tuple(str(row[key]) for key in named) for row in rows}) == len(rows), keys


def _parts(clause: str) -> Iterator[str]:
    """Yield the terms of an ORDER BY, split at the commas outside of brackets."""
    depth, part = 0, ""
    for letter in clause:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            yield part
            part = ""
        else:
            part += letter
    yield part


def _key(part: str) -> str:
    words = part.split()
    return words[0].rpartition(".")[2].strip('"') if words else ""


@parametrized
def test_every_row_can_be_traced_to_its_record(query: Query, worlds: list[World]) -> None:
    for world in worlds:
        assert "entry_index" in world.ask(query)[0]


@parametrized
def test_a_header_says_what_it_should(query: Query) -> None:
    assert query.question.endswith("?") or "?" in query.question
    assert not query.title.endswith(".")
    assert query.severity is None or query.false_positives
    assert all(page.startswith("https://docs.aws.amazon.com/") for page in query.references)
    assert all(re.fullmatch(r"T\d{4}(\.\d{3})?", one) for one in query.attack)
    assert not query.attack or query.severity is not None


@parametrized
def test_no_parameter_is_named_like_an_option_of_the_command(query: Query) -> None:
    command = group.get_command(click.Context(group), "query")
    assert command is not None
    options = {name for one in command.params for name in one.opts}
    assert not options & {f"--{one.name}" for one in query.parameters}


@parametrized
def test_a_file_is_written_as_the_others_are(query: Query) -> None:
    text = (catalogue.FOLDER / f"{query.name}.sql").read_text()
    assert re.fullmatch(r"[a-z][a-z_]*", query.name)
    assert text.endswith("\n")
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert max(map(len, query.sql.splitlines())) <= 100
    assert ";" not in query.sql
    assert "SELECT *" not in query.sql


ODD: tuple[object, ...] = (
    None,
    7,
    -1.5,
    True,
    "",
    "x",
    "{",
    [],
    {},
    [1, "x"],
    {"a": {"b": [None]}},
    [{}],
    "[]",
)
"""What a member may be where AWS would write something else."""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Return a ledger of an account whose records are all odd in one of their members."""
    payloads = []
    for number, event in enumerate(intrusion().records):
        asked_for: dict[str, object] = event.get("requestParameters") or {}
        for place, member in enumerate(("*", *asked_for)):
            for kind, value in enumerate(ODD):
                request = value if member == "*" else {**asked_for, member: value}
                changed = {"eventID": f"{number}-{place}-{kind}", "requestParameters": request}
                payloads.append(spelled({**event, **changed, "responseElements": value}))
    with Case.open(sealed(tmp_path_factory.mktemp("odd"), payloads)) as case:
        yield case


@parametrized
def test_no_record_however_odd_can_make_a_query_fail(query: Query, odd: Case) -> None:
    named = {"key": "alias/spare", "database": "scratch"}
    kinds = {"number": "3", "time": "end"}
    typed = {one.name: named.get(one.name) or kinds.get(one.kind, "x") for one in query.parameters}
    with odd.query(query.name, typed, now=NOW) as rows:
        for row in rows:
            assert set(row) == set(rows.columns)


BAD = {
    "no question": '-- title = "t"\n\nSELECT 1',
    "an unknown key": '-- title = "t"\n-- question = "q?"\n-- author = "me"\n\nSELECT 1',
    "an unknown severity": '-- title = "t"\n-- question = "q?"\n-- severity = "odd"\n\nSELECT 1',
    "a parameter of no type": (
        '-- title = "t"\n-- question = "q?"\n-- [params]\n-- a = { about = "x" }\n\nSELECT $a'
    ),
    "a parameter of an unknown type": (
        '-- title = "t"\n-- question = "q?"\n-- [params]\n'
        '-- a = { type = "colour", about = "x" }\n\nSELECT $a'
    ),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_header_is_refused_that_has(text: str) -> None:
    with pytest.raises(HeaderError):
        catalogue.parse("bad", text)


def test_a_header_that_is_no_toml_is_refused() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        catalogue.parse("bad", "-- title = t\n\nSELECT 1")


def test_a_name_that_is_close_is_proposed() -> None:
    with pytest.raises(UnknownQueryError) as told:
        catalogue.query("keys_pending")
    assert "keys_pending_deletion" in told.value.nearest


_TABLE = re.compile(r"(?<=<!-- catalogue -->\n).*?(?=<!-- /catalogue -->)", re.DOTALL)


def test_the_table_of_queries_in_the_readme_is_what_the_headers_say(golden: Golden) -> None:
    rows = ["| query | asks | severity |", "|---|---|---|"]
    for query in QUERIES:
        wanted = "".join(f" `--{one.name}`" for one in query.parameters)
        rows.append(f"| `{query.name}`{wanted} | {query.question} | {query.severity or ''} |")
    path = ROOT / "README.md"
    table = "\n".join(rows) + "\n"
    golden.same(path, _TABLE.sub(lambda _: table, path.read_text()))
