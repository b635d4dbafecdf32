"""Forecast: what happens from a moment on if nobody acts, by the clocks of the replay itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.history import History
from analyzer.moment import Moment
from analyzer.recovery.copies import Condition
from analyzer.recovery.database import AVAILABLE, DELETED, RECOVERABLE, TERMINAL
from analyzer.recovery.verdict import Verdict
from analyzer.resources.kms_key.events import KeyStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One thing that will happen.

    Attributes:
        at: when, at the earliest documented moment.
        what: `key-deleted`, `key-material-expired`, `database-inaccessible`, `database-terminal`,
            `database-started` (after seven stopped days), `backup-expired` or
            `database-unrecoverable`.
        resource: ARN or id of what it happens to.
    """

    at: Moment
    what: str
    resource: str


def forecast(history: History, identity: str, at: Moment) -> tuple[Forecast, ...]:
    """Return what awaits a database after *at*, in time order, no further event assumed."""
    past = history.component(identity).until(at)
    if identity not in past.groups.database_facts:
        return ()
    found = {*_database(past, identity, at), *_copies(past, identity, at)}
    keys = {copy.last.key for copy in past.copies(identity) if copy.last is not None}
    for key in keys:
        if key is not None:
            found |= set(key_forecast(past, key, at))
    return tuple(sorted(found, key=lambda one: (one.at, one.what, one.resource)))


def key_forecast(past: History, arn: str, at: Moment) -> Iterator[Forecast]:
    """Yield what awaits a key after *at*; *past* holds nothing that happened later."""
    for span in past.key(arn).spans():
        if span.start <= at:
            continue
        if span.value.status is KeyStatus.DELETED:
            yield Forecast(at=span.start, what="key-deleted", resource=arn)
        elif span.value.status is KeyStatus.PENDING_IMPORT:
            yield Forecast(at=span.start, what="key-material-expired", resource=arn)


def _database(past: History, identity: str, at: Moment) -> Iterator[Forecast]:
    words = {
        RECOVERABLE: "database-inaccessible",
        TERMINAL: "database-terminal",
        AVAILABLE: "database-started",
    }
    last = None
    for span in past.database(identity).spans():
        status, changed = span.value.status, span.value.status != last
        last = status
        if changed and span.start > at and status in words and status != DELETED:
            arn = span.value.traits.arn
            yield Forecast(at=span.start, what=words[status], resource=arn)


def _copies(past: History, identity: str, at: Moment) -> Iterator[Forecast]:
    for copy in past.copies(identity):
        for span in copy.spans():
            state = span.value
            expired = state.condition is Condition.GONE and state.expires == span.start
            if span.start > at and expired:
                yield Forecast(at=span.start, what="backup-expired", resource=state.id)
    for judged in past.judgements(identity).spans():
        if judged.start > at and judged.value.verdict is Verdict.UNRECOVERABLE:
            state_then = past.database(identity).at(judged.start)
            arn = state_then.traits.arn if state_then is not None else identity
            yield Forecast(at=judged.start, what="database-unrecoverable", resource=arn)
            return
