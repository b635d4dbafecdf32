"""`report`: everything about one database that an incident's file needs, in one document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from analyzer.answers.explain import explain
from analyzer.answers.gaps import gaps
from analyzer.answers.shape import Document, Scope, time
from analyzer.answers.timeline import timeline
from analyzer.digests.report import DigestReport
from analyzer.findings.finding import Finding
from analyzer.history.naming import Named
from analyzer.moment import SECOND, parse_iso

Sealing = Callable[[int], Document]
"""Tells of an entry where it was sealed from, when, and its hash."""


def dossier(
    scope: Scope,
    identity: str,
    findings: Iterable[Finding],
    digests: DigestReport,
    sealing: Sealing,
) -> Document:
    """Build the `report` document.

    Args:
        scope: what is known and which moment is asked about.
        identity: the database's immutable id.
        findings: every finding at that moment; those about this database are kept.
        digests: what digest files say of the sources.
        sealing: tells how an entry is sealed.

    Raises:
        UnknownResourceError: the database did not exist yet at that moment.
    """
    verdict = explain(scope, identity)
    of_database = timeline(scope, Named(kind="database", id=identity))
    key = verdict["key"]
    of_key = timeline(scope, Named(kind="key", id=key)) if key is not None else None
    events = _events(of_database, of_key)
    cited = list(_cited(verdict, events))
    return {
        "explain": verdict,
        "then": _then(scope, identity, verdict),
        "database": of_database["spans"],
        "key": of_key["spans"] if of_key is not None else [],
        "copies": list(_copies(scope, identity)),
        "attempts": [event for event in events if event["error"] is not None],
        "findings": [_finding(one) for one in findings if _is_about(one, verdict)],
        "gaps": _gaps(gaps(scope, digests), verdict),
        "evidence": [{**one, **_place(sealing(one["entry"]))} for one in cited],
    }


def _then(scope: Scope, identity: str, verdict: Document) -> Document | None:
    """Return the verdict as it was when the data could last be saved; null where it never was."""
    until = parse_iso(verdict["recoverable_until"] or "")
    if verdict["verdict"] != "unrecoverable" or until is None:
        return None
    earlier = Scope(
        history=scope.history,
        at=until - SECOND,
        known_at=scope.known_at,
        conflicts=scope.conflicts,
        rules=scope.rules,
    )
    return explain(earlier, identity)


def _events(*timelines: Document | None) -> list[Document]:
    """Return the events of both timelines, each once, in time order."""
    found = {event["entry"]: event for held in timelines if held for event in held["events"]}
    return sorted(found.values(), key=lambda event: (event["event_time"], event["entry"]))


def _copies(scope: Scope, identity: str) -> Iterator[Document]:
    """Yield each copy that there was by the moment asked about, through time."""
    for copy in scope.history.copies(identity):
        spans: list[Document] = []
        for span in copy.spans(scope.at):
            condition = span.value.condition.value
            if spans and spans[-1]["condition"] == condition:
                spans[-1]["to"] = time(span.end)
            else:
                row = {"from": time(span.start), "to": time(span.end), "condition": condition}
                spans.append(row)
        last = copy.at(scope.at)
        if last is not None:
            yield {"id": last.id, "kind": last.kind.value, "key": last.key, "spans": spans}


def _cited(verdict: Document, events: Iterable[Document]) -> Iterator[Document]:
    """Yield every record that the report rests on, each once, in time order."""
    found: dict[int, Document] = {}
    lists = [*verdict["chain"], *verdict["decisive"], verdict["cause"], verdict["root_cause"]]
    lists += [copy["cause"] for copy in verdict["copies"]]
    for one in (*lists, *(event for event in events if _matters(event))):
        if one is not None:
            found.setdefault(one["entry"], {name: one[name] for name in one if name != "effect"})
    yield from sorted(found.values(), key=lambda one: (one["event_time"], one["entry"]))


def _matters(event: Document) -> bool:
    """Whether an event moved something, or failed to."""
    return event["error"] is not None or not event["effect"].startswith("none: ")


def _is_about(finding: Finding, verdict: Document) -> bool:
    """Whether a finding is about the database, its key or one of its copies."""
    return finding.resource in {
        verdict["database"],
        verdict["resource_id"],
        verdict["key"],
        *(copy["id"] for copy in verdict["copies"]),
    }


def _finding(one: Finding) -> Document:
    return {
        "rule": one.rule,
        "severity": one.severity.value,
        "resource": one.resource,
        "title": one.title,
        "detail": one.detail,
        "since": time(one.since),
        "until": time(one.until),
    }


def _gaps(whole: Document, verdict: Document) -> Document:
    """Return what `gaps` says of the accounts and Regions in which database and key lie."""
    places = {tuple(arn.split(":")[3:5]) for arn in (verdict["database"], verdict["key"]) if arn}

    def is_near(one: Document) -> bool:
        return any(
            one["account"] in (None, account) and one["region"] in (None, region)
            for region, account in places
        )

    return {
        "outcome": whole["outcome"],
        "digests": whole["digests"],
        "gaps": [
            {**one, "bears_on_it": verdict["database"] in one["databases"]}
            for one in whole["gaps"]
            if is_near(one)
        ],
        "contradictions": [one for one in whole["contradictions"] if is_near(one)],
        "notes": whole["notes"],
    }


def _place(sealed: Document) -> Document:
    """Return where an entry came from, when it was sealed, and its hash."""
    return {name: sealed[name] for name in ("source", "sealed_at", "payload_sha256")}
