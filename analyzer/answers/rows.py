"""Rows: a key and a database as `state` lists them."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.answers.doubt import doubt
from analyzer.answers.shape import Document, bounds, evidence, rule, time
from analyzer.recovery.database import DatabaseState
from analyzer.recovery.verdict import Judgement
from analyzer.resources.kms_key.events import KeyStatus
from analyzer.resources.kms_key.state import KeyState


def key_row(found: KeyState, aliases: Sequence[str]) -> Document:
    """Return a key as `state` lists it.

    Args:
        found: its state at the moment asked about.
        aliases: what points at it at that moment.
    """
    limits = bounds(found.since)
    return {
        "arn": found.arn,
        "key_id": found.key_id,
        "state": found.status.value,
        "since": limits["since"],
        "basis": limits["basis"],
        "manager": found.manager,
        "origin": found.origin,
        "aliases": list(aliases),
        "deletion_date": time(found.deletion_date),
        "multi_region": found.multi_region,
        "usable": None if found.status is KeyStatus.UNKNOWN else found.is_usable,
        "cause": evidence(found.cause),
        "earliest": limits["earliest"],
        "latest": limits["latest"],
        "rule": rule(found.since),
    }


def database_row(found: DatabaseState, judgement: Judgement, key: str | None) -> Document:
    """Return a database as `state` lists it.

    Args:
        found: its state at the moment asked about.
        judgement: the verdict on it then.
        key: ARN of the key under it; None where it has none or none is known.
    """
    limits = bounds(found.since)
    lost = judgement.unrecoverable
    return {
        "arn": found.traits.arn,
        "name": found.traits.name or found.traits.arn.rpartition(":")[2],
        "resource_id": found.traits.resource_id,
        "kind": found.traits.kind,
        "engine": found.traits.engine,
        "key": key,
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
