"""Asking: every query of the catalogue that has a severity, its rows as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analyzer import catalogue
from analyzer.answers.asked import findings_of
from analyzer.archive import Archive
from analyzer.evidence import Evidence
from analyzer.findings.finding import Finding
from analyzer.reader import read
from analyzer.warehouse.asking import answers
from analyzer.warehouse.session import Session


def asked(session: Session) -> tuple[Finding, ...]:
    """Ask what needs to be told nothing; a query that wants a parameter is left out.

    Args:
        session: whose warehouse is asked, at which moment.
    """
    graded = {
        one.name: (one, one.severity)
        for one in catalogue.queries()
        if one.severity is not None and all(wanted.is_optional for wanted in one.parameters)
    }
    return tuple(_findings(session.archive, graded, answers(session, graded)))


def _findings(
    archive: Archive,
    graded: Mapping[str, tuple[catalogue.Query, str]],
    answered: Mapping[str, Iterable[Mapping[str, Any]]],
) -> Iterator[Finding]:
    for name, (one, severity) in graded.items():
        cited = [(row, _named(archive, row)) for row in answered[name]]
        yield from findings_of(name, one.title, one.question, severity, cited)


def _named(archive: Archive, row: Mapping[str, Any]) -> Evidence | None:
    """Return the record that a row names, None where it names none."""
    entry = row.get("entry_index")
    payload = archive.entry(entry).payload if isinstance(entry, int) else None
    record = None if payload is None or not isinstance(entry, int) else read(entry, payload)
    return None if record is None else record.evidence
