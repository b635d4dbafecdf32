from __future__ import annotations

from analyzer.latest import Latest


def test_what_was_worked_out_last_is_not_worked_out_again() -> None:
    worked: list[str] = []
    kept: Latest[str, int] = Latest(2)

    def length(asked: str) -> int:
        worked.append(asked)
        return len(asked)

    def ask(asked: str) -> int:
        return kept.get(asked, lambda: length(asked))

    assert [ask(one) for one in ("a", "bb", "a", "bb", "ccc", "bb", "a")] == [1, 2, 1, 2, 3, 2, 1]
    assert worked == ["a", "bb", "ccc", "a"]


def test_an_answer_that_could_not_be_worked_out_is_not_kept() -> None:
    kept: Latest[str, float] = Latest(2)
    for _ in range(2):
        try:
            kept.get("a", lambda: 1 / 0)
        except ZeroDivisionError:
            continue
    assert kept.get("a", lambda: 1.0) == 1.0
