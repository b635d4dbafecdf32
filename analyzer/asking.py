"""Asking: every query of the catalogue that has a severity, its rows as findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

from analyzer import catalogue
from analyzer.answers.asked import findings_of
from analyzer.evidence import Evidence
from analyzer.findings.finding import Finding
from analyzer.reader import read
from ledger.store import Ledger

Ask = Callable[[str], AbstractContextManager[Any]]
"""Asks a query of the catalogue by its name; yields rows."""


def asked(ledger: Ledger, ask: Ask) -> tuple[Finding, ...]:
    """Ask what needs to be told nothing; a query that wants a parameter is left out.

    Args:
        ledger: from which the records come that rows name.
        ask: asks one query.
    """
    return tuple(found for one in catalogue.queries() for found in _rows(ledger, ask, one))


def _rows(ledger: Ledger, ask: Ask, one: catalogue.Query) -> Iterator[Finding]:
    if one.severity is None or not all(wanted.is_optional for wanted in one.parameters):
        return
    with ask(one.name) as rows:
        cited = [(row, _named(ledger, row)) for row in rows]
    yield from findings_of(one.name, one.title, one.question, one.severity, cited)


def _named(ledger: Ledger, row: Mapping[str, Any]) -> Evidence | None:
    """Return the record that a row names, None where it names none."""
    entry = row.get("entry_index")
    payload = ledger.entry(entry).payload if isinstance(entry, int) else None
    record = None if payload is None or not isinstance(entry, int) else read(entry, payload)
    return None if record is None else record.evidence
