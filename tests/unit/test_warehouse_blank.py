"""A query is understood before a cluster works it out: names, types and refusals are DuckDB's."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer import catalogue
from analyzer.case import Case
from analyzer.warehouse.asking import question, values
from analyzer.warehouse.blank import understood
from analyzer.warehouse.errors import QueryFailedError
from tests.warehoused import NOW, TYPED, story


@pytest.mark.long
def test_every_question_is_understood_as_a_warehouse_with_rows_answers_it(tmp_path: Path) -> None:
    with Case.open(story(tmp_path, "payroll-key-deleted")) as case:
        scope = case.session(at="end", known_at=None, rules=None, now=NOW).scope
        for name in catalogue.names():
            wanted = {one.name for one in catalogue.query(name).parameters}
            typed = {one: text for one, text in TYPED.items() if one in wanted}
            asked = question(name, typed)
            names, types = understood(asked.sql, values(asked, scope, NOW))
            with case.query(name, typed, now=NOW) as rows:
                assert (tuple(names), types) == (rows.columns, rows.types)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT nothing FROM events", "nothing"),
        ("SELECT * FROM elsewhere", "elsewhere"),
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled"),
        ("SET threads = 1", "only SELECT"),
        ("SELECT 1; SELECT 2", "2 statements"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anybody_works(sql: str, why: str) -> None:
    with pytest.raises(QueryFailedError, match=why):
        understood(sql, {})


def test_columns_without_a_name_are_called_as_on_one_machine() -> None:
    names, types = understood("SELECT count(*), account || 'x' FROM events GROUP BY account", {})
    assert names == ["count_star()", "(account || 'x')"]
    assert types == ("BIGINT", "VARCHAR")
