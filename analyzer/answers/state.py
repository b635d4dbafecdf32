"""`state`: keys and databases at a moment."""

from __future__ import annotations

from collections.abc import Collection

from analyzer.answers.doubt import doubt
from analyzer.answers.forecast import forecast_of_all
from analyzer.answers.shape import Document, Scope, bounds, evidence, rule, time
from analyzer.history.naming import Named, aliases_of
from analyzer.resources.kms_key.events import KeyCreated, KeyStatus


def state(scope: Scope, only: Named | None) -> Document:
    """Build the contract's `state` document.

    Args:
        scope: what is known and which moment is asked about.
        only: the one resource to show, None for all.
    """
    history, at = scope.history, scope.at
    keys = _chosen(history.keys, only, "key")
    databases = _chosen(history.groups.database_facts, only, "database")
    key_rows = [
        key_row(scope, arn, aliases_of(history, arn, at)) for arn in keys if exists(scope, arn)
    ]
    rows = [row for identity in databases if (row := database_row(scope, identity)) is not None]
    return {
        **scope.head(),
        "keys": key_rows,
        "databases": sorted(rows, key=_by_name),
        "forecast": [
            one.document() for one in forecast_of_all(history, at, databases=databases, keys=keys)
        ],
        "undecoded": scope.undecoded,
        "redacted": [one.document() for one in scope.redacted],
    }


def _chosen(ids: Collection[str], only: Named | None, kind: str) -> list[str]:
    if only is None:
        return list(ids)
    return [only.id] if only.kind == kind and only.id in ids else []


def _by_name(row: Document) -> tuple[str, str, str]:
    return (row["name"], row["arn"], row["resource_id"] or "")


def exists(scope: Scope, arn: str) -> bool:
    """Whether a key existed by then, as far as the ledger can tell."""
    facts = scope.history.groups.key_facts.get(arn, ())
    created = (
        fact.evidence.time
        for fact in facts
        if isinstance(fact.event, KeyCreated) and not fact.has_failed
    )
    return min(created, default=scope.at) <= scope.at


def key_row(scope: Scope, arn: str, aliases: list[str]) -> Document:
    """Return a key as `state` lists it.

    Args:
        scope: what is known and which moment is asked about.
        arn: the key.
        aliases: what points at it at that moment.
    """
    found = scope.history.key(arn).at(scope.at)
    assert found is not None  # noqa: S101 - a key's timeline begins before everything
    limits = bounds(found.since)
    return {
        "arn": arn,
        "key_id": found.key_id,
        "state": found.status.value,
        "since": limits["since"],
        "basis": limits["basis"],
        "manager": found.manager,
        "origin": found.origin,
        "aliases": aliases,
        "deletion_date": time(found.deletion_date),
        "multi_region": found.multi_region,
        "usable": None if found.status is KeyStatus.UNKNOWN else found.is_usable,
        "cause": evidence(found.cause),
        "earliest": limits["earliest"],
        "latest": limits["latest"],
        "rule": rule(found.since),
    }


def database_row(scope: Scope, identity: str) -> Document | None:
    """Return a database as `state` lists it; None where it did not exist yet."""
    history, at = scope.history, scope.at
    found = history.database(identity).at(at)
    judgement = history.judgements(identity).at(at)
    if found is None or judgement is None:
        return None
    limits = bounds(found.since)
    lost = judgement.unrecoverable
    return {
        "arn": found.traits.arn,
        "name": found.traits.name or found.traits.arn.rpartition(":")[2],
        "resource_id": found.traits.resource_id,
        "kind": found.traits.kind,
        "engine": found.traits.engine,
        "key": history.groups.key_of(identity),
        "status": found.status,
        "since": limits["since"],
        "basis": limits["basis"],
        "verdict": judgement.verdict.value,
        "unrecoverable_since": None if lost is None else time(lost.at),
        "recoverable_until": time(judgement.until),
        "cause": evidence(judgement.cause or found.cause),
        "earliest": limits["earliest"],
        "latest": limits["latest"],
        "rule": rule(found.since),
        "doubt": doubt(judgement),
    }
