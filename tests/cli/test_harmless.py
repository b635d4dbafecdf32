"""Nothing from a log steers a terminal, a spreadsheet, a Markdown page or a reader of JSON."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import formats
from tui.harmless import harmless, harmless_cell, harmless_json, harmless_markdown

ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=60)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J\x1b]0;owned\x07", r"\x1b[2J\x1b]0;owned\x07"),
        ("a\r\nb\tc", r"a\r\nb\tc"),
        ("safe\u202eexe.gpj", r"safe\u202eexe.gpj"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("lone \udcff surrogate", r"lone \udcff surrogate"),
        ("[bold red]markup[/]", "[bold red]markup[/]"),
        ("Ünïcødé 名前", "Ünïcødé 名前"),
    ],
)
def test_what_does_not_print_is_spelled_out(hostile: str, shown: str) -> None:
    assert harmless(hostile) == shown


@given(ANYTHING)
def test_harmless_text_is_one_printable_line(text: str) -> None:
    assert harmless(text).isprintable()


@given(ANYTHING)
def test_harmless_json_says_the_same(text: str) -> None:
    dumped = json.dumps(text, ensure_ascii=False)
    assert json.loads(harmless_json(dumped)) == text
    assert not any(0x7F <= ord(character) < 0xA0 for character in harmless_json(dumped))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_in_a_cell_becomes_text(start: str) -> None:
    assert harmless_cell(f"{start}cmd|' /C calc'!A0").startswith("'")


def test_a_number_of_our_own_in_a_cell_stays_a_number() -> None:
    assert list(formats.csv_lines([{"seconds": -5}])) == ["seconds\n", "-5\n"]


@given(st.lists(st.fixed_dictionaries({"a": ANYTHING, "b": ANYTHING}), min_size=1, max_size=5))
def test_a_row_of_csv_is_one_line_with_all_its_cells(rows: list[dict[str, str]]) -> None:
    lines = "".join(formats.csv_lines(rows))
    read = list(csv.reader(io.StringIO(lines)))
    assert len(lines.splitlines()) == len(rows) + 1 == len(read)
    assert all(len(cells) == 2 for cells in read)


def test_markdown_and_html_in_a_cell_are_shown_and_not_obeyed() -> None:
    spelled = harmless_markdown("<img src=x onerror=alert(1)> [a](b) | **c** `d` &amp;")
    assert "<" not in spelled
    assert r"\[a\](b)" in spelled
    assert r"\|" in spelled
    assert "&amp;amp;" in spelled
