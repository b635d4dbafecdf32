"""Signs: what a fact shows beside what it says: that something existed, or a key was usable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analyzer.record import sibling
from analyzer.resource import Fact
from analyzer.resources.kms_key.events import KeyServed
from analyzer.resources.rds_backup import ReplicationStarted
from analyzer.resources.rds_database.events import (
    DatabaseCreated,
    DatabaseEvent,
    DatabaseModified,
    DatabaseStarted,
    GreenTookOver,
)
from analyzer.resources.rds_notice import DatabaseNotified
from analyzer.resources.rds_snapshot import SnapshotCopied, SnapshotCreated

_SHOWING_FAULTS = ("KMSKeyNotAccessible", "InvalidDBInstanceState")
"""Errors that only an existing instance can answer with."""


SERVICES = (DatabaseCreated, DatabaseStarted, SnapshotCreated, SnapshotCopied)
"""Events that only succeed with a key that can be used."""


def addresses(event: DatabaseEvent) -> tuple[str, ...]:
    """Return the ARNs under which a database is known once *event* is: the old and the new name."""
    if isinstance(event, DatabaseModified | GreenTookOver) and event.renamed_to is not None:
        return (event.seen.arn, event.renamed_to)
    return (event.seen.arn,)


def shows_database(fact: Fact) -> bool:
    """Whether a fact shows that the database existed: a mistyped name in a failed call does not."""
    if not fact.has_failed:
        return True
    return not creates(fact) and (fact.evidence.error or "").startswith(_SHOWING_FAULTS)


def shows_key(fact: Fact) -> bool:
    """Whether a fact shows that the key existed."""
    return fact.evidence.error != "NotFoundException"


def creates(fact: Fact) -> bool:
    """Whether a fact tells of the creation of a database."""
    return isinstance(fact.event, DatabaseCreated)


def names_living(fact: Fact) -> tuple[str | None, str | None]:
    """Return ARN and resource id of the living database that a call on its copies names.

    What is deleted may belong to a database that is long gone, and its name to another one.
    """
    event = fact.event
    if isinstance(event, SnapshotCreated) and not fact.has_failed:
        return event.seen.of, event.seen.database_id
    if isinstance(event, ReplicationStarted) and not fact.has_failed:
        return event.database_arn, event.database_id
    return None, None


def served(fact: Fact) -> KeyServed | None:
    """Return the service that a key did to a database, if this success could not be without it."""
    event = fact.event
    if fact.has_failed or not isinstance(event, SERVICES):
        return None
    key = event.seen.key
    if key is None or ":kms:" not in key or key.split(":")[4:5] != event.seen.arn.split(":")[4:5]:
        return None  # another account's key is not judged by what it did once
    default = isinstance(event, DatabaseCreated) and event.seen.takes_default_key
    return KeyServed(key=key, manager="AWS" if default else None)


def arn_of(identity: str, facts: Sequence[Fact]) -> str:
    """Return how a database is first named, or its identity where no fact names it."""
    for fact in facts:
        if isinstance(fact.event, DatabaseEvent):
            return fact.event.seen.arn
        if isinstance(fact.event, DatabaseNotified):
            return fact.event.arn
        named, _ = names_living(fact)
        if named is not None:
            return named
    return identity


def members_of(facts: Iterable[Fact]) -> dict[str, str]:
    """Return the cluster ARN of every instance that a record says is a member of one."""
    found: dict[str, str] = {}
    for fact in facts:
        seen = fact.event.seen
        if fact.has_failed:
            continue
        if seen.cluster is not None:
            found[seen.arn] = sibling(seen.arn, f"cluster:{seen.cluster.lower()}")
        for member in seen.members:
            found[sibling(seen.arn, f"db:{member}")] = seen.arn
    return found
