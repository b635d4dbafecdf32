"""`timeline`: every change of one key or database up to a moment, and every event about it."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.answers.doubt import doubt
from analyzer.answers.forecast import Forecast, forecast, forecast_of_all
from analyzer.answers.shape import Document, Scope, bounds, evidence, rule, time
from analyzer.history.naming import Named
from analyzer.moment import Moment
from analyzer.policy.changes import changes
from analyzer.policy.document import Unreadable
from analyzer.resource import Fact
from analyzer.resources.kms_key.events import (
    KeyPolicyPut,
    KeyRotated,
    KeyServed,
    KeyTouched,
    PrimaryMoved,
)
from analyzer.resources.rds_database.events import INSTANCE


def timeline(scope: Scope, named: Named) -> Document:
    """Build the contract's `timeline` document; spans after the moment asked about are cut off."""
    is_key = named.kind == "key"
    rows = _key_rows(scope, named.id) if is_key else _database_rows(scope, named.id)
    address = named.id if is_key else _arn(scope, named.id)
    events = _key_events(scope, named.id) if is_key else _database_events(scope, named.id)
    return {
        "resource": address,
        "kind": "key" if is_key else _kind(scope, named.id),
        "spans": _merged(rows),
        "events": events,
        "forecast": [one.document() for one in _forecast(scope, named)],
        "redacted": [
            one.document()
            for one in scope.redacted
            if one.may_concern(_names(scope, named, address), scope.at)
        ],
        **scope.head(),
    }


def _forecast(scope: Scope, named: Named) -> tuple[Forecast, ...]:
    if named.kind == "key":
        return forecast_of_all(scope.history, scope.at, keys=(named.id,))
    return forecast(scope.history, named.id, scope.at)


def _names(scope: Scope, named: Named, address: str) -> tuple[str | None, ...]:
    key = named.id if named.kind == "key" else scope.history.groups.key_of(named.id)
    return (named.id, address, address.rpartition(":")[2], key, key and key.rpartition("/")[2])


def _kind(scope: Scope, identity: str) -> str:
    last = scope.history.database(identity).last
    return last.traits.kind if last is not None else INSTANCE


def _arn(scope: Scope, identity: str) -> str:
    states = scope.history.database(identity)
    state = states.at(scope.at) or states.last
    return state.traits.arn if state is not None else identity


def _key_rows(scope: Scope, arn: str) -> Iterator[tuple[Moment, Document]]:
    for span in scope.history.key(arn).spans(scope.at):
        known = bounds(span.value.since)
        yield (
            span.start,
            {
                "state": span.value.status.value,
                "basis": known["basis"],
                "cause": evidence(span.value.cause),
                "earliest": known["earliest"],
                "latest": known["latest"],
                "rule": rule(span.value.since),
            },
        )


def _database_rows(scope: Scope, identity: str) -> Iterator[tuple[Moment, Document]]:
    states = scope.history.database(identity)
    judgements = scope.history.judgements(identity)
    for at in sorted({*states.starts, *judgements.starts}):
        state, judgement = states.at(at), judgements.at(at)
        if at > scope.at or state is None or judgement is None:
            continue
        known = bounds(state.since)
        yield (
            at,
            {
                "state": state.status,
                "verdict": judgement.verdict.value,
                "basis": known["basis"],
                "cause": evidence(state.cause),
                "earliest": known["earliest"],
                "latest": known["latest"],
                "rule": rule(state.since),
                "doubt": doubt(judgement),
            },
        )


def _merged(rows: Iterator[tuple[Moment, Document]]) -> list[Document]:
    """Join neighbours that say the same and give each span its end."""
    kept: list[tuple[Moment, Document]] = []
    for at, row in rows:
        if not kept or kept[-1][1] != row:
            kept.append((at, row))
    ends: list[Moment | None] = [*(at for at, _ in kept[1:]), None]
    return [
        {"from": time(at), "to": time(end), **row}
        for (at, row), end in zip(kept, ends, strict=True)
    ]


def _key_events(scope: Scope, arn: str) -> list[Document]:
    facts = scope.history.groups.key_facts.get(arn, [])
    return [
        {**fact.evidence.document(), "effect": key_effect(scope, arn, fact)}
        for fact in facts
        if fact.evidence.time <= scope.at and not isinstance(fact.event, KeyServed)
    ]


def key_effect(scope: Scope, arn: str, fact: Fact) -> str:
    """Say in a few words what a fact did to a key."""
    if fact.has_failed:
        return "none: the call failed"
    states = scope.history.key(arn)
    before, after = states.before(fact.evidence.time), states.at(fact.evidence.time)
    was = before.status.value if before is not None else "Unknown"
    now = after.status.value if after is not None else "Unknown"
    if isinstance(fact.event, KeyPolicyPut):
        return f"policy: {_policy_effect(scope, arn, fact)}; key stays {now}"
    if isinstance(fact.event, PrimaryMoved):
        role = "the primary key" if arn == fact.event.primary else "a replica"
        return f"{role} of its family from now on; key stays {now}"
    moved = was != now and not isinstance(fact.event, KeyTouched)
    return f"key {was} → {now}" if moved else f"none: key stays {now}"


def _policy_effect(scope: Scope, arn: str, fact: Fact) -> str:
    """Say what a change of policy changed, statement by statement."""
    held = changes(arn, scope.history.groups.key_facts.get(arn, ()))
    change = next(one for one in held if one.by.entry == fact.evidence.entry)
    if isinstance(change.policy, Unreadable):
        return f"cannot be read, {change.policy.reason}"
    if change.before is None:
        return "what it replaced is not on record"
    return "; ".join(change.difference) or "the same as before"


def _database_events(scope: Scope, identity: str) -> list[Document]:
    history = scope.history
    key = history.groups.key_of(identity)
    own = [
        {**fact.evidence.document(), "effect": database_effect(scope, identity, fact)}
        for fact in history.groups.database_facts.get(identity, [])
    ]
    of_key = [
        {**fact.evidence.document(), "effect": key_effect(scope, key, fact)}
        for fact in (history.groups.key_facts.get(key, []) if key is not None else [])
        if key is not None and not isinstance(fact.event, KeyServed | KeyTouched | KeyRotated)
    ]
    limit = time(scope.at) or ""
    rows = [row for row in (*own, *of_key) if row["event_time"] <= limit]
    return sorted(rows, key=lambda row: (row["event_time"], row["event_id"], row["entry"]))


def database_effect(scope: Scope, identity: str, fact: Fact) -> str:
    """Say in a few words what a fact did to a database."""
    if fact.has_failed:
        return "none: the call failed"
    states = scope.history.database(identity)
    before, after = states.before(fact.evidence.time), states.at(fact.evidence.time)
    was = before.status if before is not None else "absent"
    now = after.status if after is not None else "absent"
    if before is not None and after is not None and before.traits.arn != after.traits.arn:
        return f"named {after.traits.name} from now on; database stays {now}"
    return f"database {was} → {now}" if was != now else f"none: database stays {now}"
