"""Formats: the same answer as JSON, JSON Lines, CSV and Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tui import formats
from tui.answer import Answer

ROWS: list[dict[str, Any]] = [
    {"name": "orders", "aliases": ["alias/a", "alias/b"], "cause": {"entry": 7, "actor": None}},
    {"name": "crm", "aliases": [], "cause": None},
]


def test_json_keeps_the_order_of_members_and_ends_in_a_line_end() -> None:
    [text] = formats.json_document({"b": 1, "a": [True, None]})
    assert text == '{\n  "b": 1,\n  "a": [\n    true,\n    null\n  ]\n}\n'


class Made(Sequence[dict[str, Any]]):
    """Rows that are made as they are read."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: Any) -> Any:
        return self.rows[place]


@pytest.mark.parametrize(
    "rows",
    [[], [{"a": 1}], [{"a": "x\ny", "b": [1, {"c": None}]}, {}, {"a": "\ud800", "b": 10**30}]],
)
def test_a_document_whose_rows_are_made_as_they_are_read_is_the_same_row_by_row(
    rows: list[dict[str, Any]],
) -> None:
    document = {"rows": rows, "totals": {"rows": 3, "of": [1, 2]}, "none": None, "more": rows}
    [whole] = formats.json_document(document)
    pieces = list(formats.json_document({**document, "rows": Made(rows), "more": Made(rows)}))
    assert "".join(pieces) == whole
    assert len(pieces) > 2 * len(rows)


def test_rows_as_json_are_one_array_also_when_there_are_none() -> None:
    assert json.loads("".join(formats.json_array(ROWS))) == ROWS
    assert "".join(formats.json_array([])) == "[]\n"


def test_rows_as_json_lines_are_a_line_each() -> None:
    lines = list(formats.json_lines(ROWS))
    assert [json.loads(line) for line in lines] == ROWS
    assert all(line.count("\n") == 1 for line in lines)


def test_what_orjson_refuses_is_written_all_the_same() -> None:
    odd = {"surrogate": "\udc80", "huge": 1 << 70}
    [line] = formats.json_lines([odd])
    assert json.loads(line) == odd
    [document] = formats.json_document(odd)
    assert json.loads(document) == odd


def test_nested_objects_become_columns_and_an_absent_one_leaves_them_empty() -> None:
    assert "".join(formats.csv_lines(ROWS)) == (
        "name,aliases,cause.entry,cause.actor\norders,alias/a; alias/b,7,\ncrm,,,\n"
    )


def test_rows_of_known_columns_are_written_while_they_come_in() -> None:
    def rows() -> Any:
        yield {"a": 1}
        raise RuntimeError

    lines = formats.csv_lines(rows(), ("a",))
    assert [next(lines), next(lines)] == ["a\n", "1\n"]


def test_no_rows_of_unknown_columns_write_nothing() -> None:
    assert not list(formats.csv_lines([]))
    assert not list(formats.markdown_lines({"only": []}))


def test_markdown_is_a_table_with_a_rule_under_its_header() -> None:
    assert list(formats.markdown_lines({"only": [{"a": 1, "b": None}]})) == [
        "| a | b |\n",
        "| --- | --- |\n",
        "| 1 |  |\n",
    ]


def test_several_tables_in_markdown_stand_under_their_names_and_empty_ones_are_left_out() -> None:
    tables: dict[str, Any] = {"keys": [{"arn": "k"}], "none": [], "databases": [{"arn": "d"}]}
    lines = "".join(formats.markdown_lines(tables)).splitlines()
    assert [line for line in lines if line.startswith("#")] == ["### keys", "### databases"]


def test_one_wide_row_in_markdown_is_turned_on_its_side() -> None:
    wide = {f"member{number}": number for number in range(20)}
    lines = "".join(formats.markdown_lines({"only": [wide]})).splitlines()
    assert lines[0] == "| member | value |"
    assert lines[-1] == "| member19 | 19 |"


def test_rows_of_several_tables_are_told_apart_by_their_first_member() -> None:
    several: dict[str, Any] = {"key": [{"arn": "k"}], "database": [{"arn": "d"}]}
    assert list(_answer(several).rows()) == [
        {"row": "key", "arn": "k"},
        {"row": "database", "arn": "d"},
    ]
    assert list(_answer({"key": [{"arn": "k"}]}).rows()) == [{"arn": "k"}]


def _answer(tables: dict[str, Any]) -> Answer:
    return Answer(document=None, tables=tables, page=lambda _canvas: None)
