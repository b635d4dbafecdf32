"""Findings as rows: what deserves attention at one moment; see `analyzer.findings.findings`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.answers.shape import Scope
from analyzer.findings.findings import find


def findings(scope: Scope) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of `findings`."""
    for one in find(scope):
        first = one.evidence[0]
        yield (
            one.rule, one.severity.value, one.resource, one.title, one.detail, one.is_open,
            one.since, one.until, one.changes, one.incident or None, first.actor,
            [cited.entry for cited in one.evidence], first.entry,
        )  # fmt: skip
