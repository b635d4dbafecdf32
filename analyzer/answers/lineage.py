"""Where a database came from, and which databases were restored from its data."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.answers.shape import Document, Scope, evidence, time
from analyzer.history.lineage import Descent
from analyzer.recovery.verdict import Judgement, Verdict

_WELL = frozenset({Verdict.HEALTHY, Verdict.UNKNOWN})


def lineage(scope: Scope, identity: str) -> Document:
    """Return the members of `explain` that tell of restores: from what, and what from this."""
    past = [one for one in scope.history.descents if one.by.time <= scope.at]
    came = next((one for one in past if one.database == identity), None)
    made = [one for one in past if one.source == identity and one.database != identity]
    return {
        "restored_from": None if came is None else _from(scope, came),
        "restored_as": [_as(scope, one) for one in made],
    }


def lineage_notes(scope: Scope, identity: str, judgement: Judgement) -> Iterator[str]:
    """Yield a note for each database that still holds the data of one that is not well."""
    if judgement.seen in _WELL:
        return
    for one in lineage(scope, identity)["restored_as"]:
        if one["verdict"] == Verdict.UNRECOVERABLE.value:
            continue
        held_to = "an unknown moment" if one["restorable_to"] is None else one["restorable_to"]
        yield (
            f"{one['name']} was restored from this database's data at {one['cause']['event_time']} "
            f"and holds it up to {held_to}. It is another database, {one['verdict']} at this "
            "moment, and no copy that counts in this verdict."
        )


def _from(scope: Scope, one: Descent) -> Document:
    arn, resource_id, _ = _named(scope, one.source)
    return {
        "kind": one.origin.kind,
        "id": one.origin.of,
        "database": arn,
        "resource_id": resource_id,
        "restorable_to": time(one.held_to),
        "cause": evidence(one.by),
    }


def _as(scope: Scope, one: Descent) -> Document:
    arn, resource_id, name = _named(scope, one.database)
    judged = scope.history.judgements(one.database).at(scope.at)
    return {
        "database": arn,
        "name": name,
        "resource_id": resource_id,
        "kind": one.origin.kind,
        "id": one.origin.of,
        "restorable_to": time(one.held_to),
        "verdict": (judged.verdict if judged is not None else Verdict.UNKNOWN).value,
        "cause": evidence(one.by),
    }


def _named(scope: Scope, identity: str | None) -> tuple[str | None, str | None, str | None]:
    state = None if identity is None else scope.history.database(identity).at(scope.at)
    if state is None:
        return None, None, None
    traits = state.traits
    return traits.arn, traits.resource_id, traits.name or traits.arn.rpartition(":")[2]
