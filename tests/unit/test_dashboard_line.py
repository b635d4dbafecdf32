"""Lines: cut, filled, broken at blanks; whatever a log says stays one harmless line."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from analyzer.case import Extent
from tui.dashboard.first_sight import how_far, known
from tui.dashboard.line import Piece, cells, fitted, line, said, text, toned, width, wrapped
from tui.dashboard.view import Settings

words = st.text(alphabet="ab漢é\u200d ", max_size=40)
columns = st.integers(4, 30)


@given(words, columns)
def test_a_fitted_line_is_exactly_so_wide(written: str, wide: int) -> None:
    assert width(fitted(line(said(written)), wide)) == wide


@example(["  ", "  ", "  "], 4, 0)
@example(["      a"], 4, 0)
@given(st.lists(words, max_size=4), columns, st.integers(0, 3))
def test_a_broken_line_keeps_every_word_and_fits(parts: list[str], wide: int, indent: int) -> None:
    shown = line(*(said(part) for part in parts))
    broken = wrapped(shown, wide, indent)
    assert all(width(one) <= wide + 1 for one in broken)  # by half a wide character at most
    kept = "".join(text(one).replace(" ", "") for one in broken)
    assert kept == text(shown).replace(" ", "")


def test_what_is_broken_keeps_its_indent_and_hangs_the_rest() -> None:
    shown = line("  · ", Piece("one two three four", "strong"))
    assert [text(one) for one in wrapped(shown, 12, 4)] == ["  · one two", "    three", "    four"]


def test_cells_stand_beside_each_other_and_a_column_of_no_width_is_left_out() -> None:
    row = cells((line("ab"), 3), (line("x"), 0), (line("longer"), 4))
    assert text(row) == "ab  lon…"


def test_log_text_never_steers_a_terminal_and_nothing_is_a_dash() -> None:
    assert text(line(said("a\x1b[2J\nb"))) == "a\\x1b[2J\\nb"
    assert text(line(said(None))) == "—"
    shown = toned(line("a", Piece("b", "bad")), "faint")
    assert shown == (Piece("a", "faint"), Piece("b", "faint"))


def test_what_is_seen_first_tells_the_ledger_its_size_its_time_and_how_far_it_is() -> None:
    settings = Settings(ledger="[b]case.db\x1b")
    extent = Extent(size=1_000_000, start=0, end=86_400_000_000)
    told = [text(one) for one in known(settings, extent)]
    assert told == [
        "keyledger [b]case.db\\x1b",
        "1 000 000 entries",
        "1970-01-01 00:00:00Z to 1970-01-02 00:00:00Z",
    ]
    assert len(list(known(settings, None))) == 1
    assert text(next(how_far(50))) == "█" * 20 + "░" * 20
