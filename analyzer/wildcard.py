"""Wildcards: `*` and `?` as policies and people write them."""

from __future__ import annotations


def fits(pattern: str, value: str) -> bool:
    """Return whether a pattern matches the whole of a value.

    The effort grows with the product of both lengths, however many stars somebody writes.
    """
    if "?" not in pattern and "*" not in pattern[:-1]:  # as nearly all are
        return value.startswith(pattern[:-1]) if pattern[-1:] == "*" else value == pattern
    at = held = mark = 0
    star: int | None = None
    while held < len(value):
        if at < len(pattern) and pattern[at] == "*":
            star, mark = at, held
            at += 1
        elif at < len(pattern) and pattern[at] in {"?", value[held]}:
            at, held = at + 1, held + 1
        elif star is not None:
            mark += 1
            at, held = star + 1, mark
        else:
            return False
    return not pattern[at:].strip("*")
