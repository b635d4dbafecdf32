"""Asked: rows of catalogued queries as findings, so that they stand beside those of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from analyzer import moment
from analyzer.evidence import Evidence
from analyzer.findings.finding import Finding, Severity
from analyzer.frozen import replace

PREFIX: Final = "query."
"""How the rule's name of a query begins."""

_RESOURCES: Final = (
    "key_arn", "database_id", "resource", "snapshot", "copy", "source", "alias", "trail",
    "event_id", "actor", "account",
)  # fmt: skip
"""Columns that name what a row is about, the most telling first."""

_TIMES: Final = (
    "event_time", "created_at", "ended_at", "start_at", "since", "gone_at", "first_seen",
    "first_at", "unrecoverable_since", "first_failure",
)  # fmt: skip
"""Columns that tell since when."""


def findings_of(
    name: str,
    title: str,
    question: str,
    severity: str,
    rows: Iterable[tuple[Mapping[str, Any], Evidence | None]],
) -> Iterator[Finding]:
    """Yield a finding for each row.

    Args:
        name: of the query.
        title: what its rows are.
        question: what it asks, the finding's sentence.
        severity: as the query's header says.
        rows: each with the record that it names; None where it reports an absence.
    """
    for row, evidence in rows:
        yield Finding(
            rule=PREFIX + name,
            severity=Severity(severity),
            resource=_first(row, _RESOURCES) or name,
            title=title,
            detail=question,
            since=_since(row, evidence),
            until=None,
            evidence=() if evidence is None else (evidence,),
            changes=tuple(_told(row)),
        )


def joined(found: Iterable[Finding], asked: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return both, sorted; a row belongs to the incident of which a rule cites the same record."""
    ruled = tuple(found)
    incidents = {cited.entry: one.incident for one in ruled for cited in one.evidence}
    placed = (
        replace(one, incident=incidents.get(one.evidence[0].entry, "")) if one.evidence else one
        for one in asked
    )
    return tuple(sorted((*ruled, *placed), key=lambda one: one.order))


def _since(row: Mapping[str, Any], evidence: Evidence | None) -> int:
    times = (moment.parse_iso(str(row.get(name) or "")) for name in _TIMES)
    known = next((time for time in times if time is not None), None)
    if known is not None:
        return known
    return 0 if evidence is None else evidence.time


def _first(row: Mapping[str, Any], names: Iterable[str]) -> str | None:
    return next((str(row[name]) for name in names if row.get(name)), None)


def _told(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the row says, a line each; entries stand in the evidence."""
    for name, value in row.items():
        if value is not None and name != "event_time" and not name.endswith("entry_index"):
            yield f"{name.replace('_', ' ')}: {_spelled(value)}"


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
