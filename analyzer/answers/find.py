"""`find`: the findings up to a moment, grouped by incident."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.answers.asked import PREFIX, joined
from analyzer.answers.shape import Document, Scope, time
from analyzer.findings.finding import Finding, Severity
from analyzer.findings.suppressions import Suppression, covering, parse
from analyzer.moment import Moment
from analyzer.rules import RULES
from analyzer.wording import short

OPEN: Final = "open"
ENDED: Final = "ended"
SUPPRESSED: Final = "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings are asked for.

    Attributes:
        now: the present, against which suppressions end.
        since: only what began or ended from then on; None for all.
        is_whole: those that were withdrawn, have ended or are suppressed too.
        suppressions: what nobody wants to hear of.
        asked: what queries found, to stand beside what rules find.
    """

    now: Moment
    since: Moment | None = None
    is_whole: bool = False
    suppressions: tuple[Suppression, ...] = ()
    asked: tuple[Finding, ...] = ()


def answer(scope: Scope, found: Iterable[Finding], wanted: Wanted) -> Document:
    """Build the `find` document.

    Args:
        scope: what is known and which moment is asked about.
        found: what the rules find there.
        wanted: which findings are asked for.
    """
    rows = [
        _row(one, covering(wanted.suppressions, one, wanted.now))
        for one in joined(found, wanted.asked)
        if wanted.since is None or max(one.since, one.until or one.since) >= wanted.since
    ]
    shown = [row for row in rows if wanted.is_whole or row["state"] == OPEN]
    return {
        **scope.head(),
        "findings": shown,
        "incidents": sorted(_incidents(shown), key=_gravest_first),
        "counts": {
            state: sum(row["state"] == state for row in rows) for state in (OPEN, ENDED, SUPPRESSED)
        },
        "expired": [_suppression(one) for one in wanted.suppressions if one.until <= wanted.now],
    }


def suppressed(content: bytes, queries: Iterable[str]) -> tuple[Suppression, ...]:
    """Read a file of suppressions; raises SuppressionError.

    Args:
        content: the file.
        queries: the names of the catalogue.
    """
    names = [*(module.RULE.name for module in RULES), *(PREFIX + name for name in queries)]
    return parse(content, names)


def catalogue() -> Document:
    """Return every rule: what it finds, how grave that is, and when it errs."""
    return {
        "rules": [
            {
                "rule": module.RULE.name,
                "severity": module.RULE.severity.value,
                "title": module.RULE.title,
                "false_positives": list(module.RULE.false_positives),
                "source": module.RULE.source,
            }
            for module in RULES
        ]
    }


def _row(one: Finding, hushed: Suppression | None) -> Document:
    state = ENDED if not one.is_open else OPEN if hushed is None else SUPPRESSED
    return {
        "incident": one.incident or None,
        "rule": one.rule,
        "severity": one.severity.value,
        "state": state,
        "resource": one.resource,
        "title": one.title,
        "detail": one.detail,
        "since": time(one.since),
        "until": time(one.until),
        "changes": list(one.changes),
        "evidence": [evidence.document() for evidence in one.evidence],
        "suppressed": None if hushed is None else _suppression(hushed),
    }


def _suppression(one: Suppression) -> Document:
    return {
        "rule": one.rule,
        "resource": one.resource,
        "reason": one.reason,
        "until": time(one.until),
    }


def _incidents(rows: Iterable[Document]) -> Iterable[Document]:
    groups: dict[str, list[Document]] = {}
    for row in rows:
        if row["incident"] is not None:
            groups.setdefault(row["incident"], []).append(row)
    return (_incident(name, held) for name, held in groups.items())


def _incident(name: str, held: Sequence[Document]) -> Document:
    standing = [row for row in held if row["state"] == OPEN]
    ends = [row["until"] for row in held]
    actors = {cited["actor"] for row in held for cited in row["evidence"]}
    return {
        "incident": name,
        "severity": max((row["severity"] for row in standing or held), key=_rank),
        "state": OPEN if standing else held[0]["state"],
        "since": min(row["since"] for row in held),
        "until": None if None in ends else max(ends),
        "resources": sorted({row["resource"] for row in held}),
        "actors": sorted(actor for actor in actors if actor is not None and short(actor) != actor),
        "findings": len(held),
    }


def _gravest_first(incident: Document) -> tuple[bool, int, str, str]:
    is_over = incident["state"] != OPEN
    return (is_over, -_rank(incident["severity"]), incident["since"], incident["incident"])


def _rank(severity: str) -> int:
    return Severity(severity).rank
