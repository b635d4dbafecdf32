"""Forecast: what happens from a moment on if nobody acts, by the clocks of the replay itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from analyzer.answers.shape import Document, time
from analyzer.history.component import component
from analyzer.history.history import History
from analyzer.moment import Moment
from analyzer.recovery.copies import Condition
from analyzer.recovery.database import AVAILABLE, DELETED, RECOVERABLE, TERMINAL
from analyzer.recovery.verdict import Verdict
from analyzer.resources.kms_key.events import KeyStatus
from analyzer.timeline import Basis, Known

_FIRST_THINGS: Final = (
    "key-material-expired",
    "key-deleted",
    "backup-expired",
    "database-started",
    "database-inaccessible",
    "database-terminal",
    "database-unrecoverable",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One thing that will happen.

    Attributes:
        at: when, at the earliest documented moment.
        what: `key-deleted`, `key-material-expired`, `database-inaccessible`, `database-terminal`,
            `database-started` (after seven stopped days), `backup-expired` or
            `database-unrecoverable`.
        resource: ARN or id of what it happens to.
        basis: how well the moment is known.
    """

    at: Moment
    what: str
    resource: str
    basis: Basis

    @property
    def order(self) -> tuple[Moment, int, str]:
        """Sort key: time first, and of one moment what brings about the rest."""
        return (self.at, _FIRST_THINGS.index(self.what), self.resource)

    def document(self) -> Document:
        """Return it as answers list it."""
        return {
            "at": time(self.at),
            "what": self.what,
            "resource": self.resource,
            "basis": self.basis.value,
        }


def forecast(history: History, identity: str, at: Moment) -> tuple[Forecast, ...]:
    """Return what awaits a database after *at*, in time order, no further event assumed."""
    past = component(history, identity).until(at)
    return tuple(sorted(set(database_forecast(past, identity, at)), key=lambda one: one.order))


def forecast_of_all(
    history: History, at: Moment, *, databases: Iterable[str] = (), keys: Iterable[str] = ()
) -> tuple[Forecast, ...]:
    """Return what awaits several databases and keys after *at*, in time order.

    Only those are replayed up to then that something may await at all.
    """
    unrest = history.unrest
    waiting = [one for one in databases if one in unrest.databases and unrest.databases[one] <= at]
    dated = [one for one in keys if one in unrest.keys and unrest.keys[one] <= at]
    if not waiting and not dated:
        return ()
    past = history if history.end is None or at >= history.end else history.until(at)
    found = {one for identity in waiting for one in database_forecast(past, identity, at)}
    found |= {one for arn in dated for one in key_forecast(past, arn, at)}
    return tuple(sorted(found, key=lambda one: one.order))


def database_forecast(past: History, identity: str, at: Moment) -> Iterator[Forecast]:
    """Yield what awaits a database after *at*; *past* holds nothing that happened later."""
    if identity not in past.groups.database_facts:
        return
    yield from _database(past, identity, at)
    yield from _copies(past, identity, at)
    for key in {copy.last.key for copy in past.copies(identity) if copy.last is not None}:
        if key is not None:
            yield from key_forecast(past, key, at)


def key_forecast(past: History, arn: str, at: Moment) -> Iterator[Forecast]:
    """Yield what awaits a key after *at*; *past* holds nothing that happened later."""
    words = {
        KeyStatus.DELETED: "key-deleted",
        KeyStatus.PENDING_IMPORT: "key-material-expired",
    }
    states, last = past.key(arn), None
    if not states or states.starts[-1] <= at:
        return  # so it is with most of them, and spans take their time
    for span in states.spans():
        status, changed = span.value.status, span.value.status is not last
        last = status
        if changed and span.start > at and status in words:
            yield _told(span.start, words[status], arn, span.value.since)


def _database(past: History, identity: str, at: Moment) -> Iterator[Forecast]:
    words = {
        RECOVERABLE: "database-inaccessible",
        TERMINAL: "database-terminal",
        AVAILABLE: "database-started",
    }
    states, last = past.database(identity), None
    if not states or states.starts[-1] <= at:
        return
    for span in states.spans():
        status, changed = span.value.status, span.value.status != last
        last = status
        if changed and span.start > at and status in words and status != DELETED:
            arn = span.value.traits.arn
            yield _told(span.start, words[status], arn, span.value.since)


def _copies(past: History, identity: str, at: Moment) -> Iterator[Forecast]:
    for copy in past.copies(identity):
        for span in copy.spans() if copy.starts[-1] > at else ():
            state = span.value
            expired = state.condition is Condition.GONE and state.expires == span.start
            if span.start > at and expired:
                yield _told(span.start, "backup-expired", state.id, state.since)
    judgements = past.judgements(identity)
    for judged in judgements.spans() if judgements.starts[-1] > at else ():
        if judged.start > at and judged.value.seen is Verdict.UNRECOVERABLE:
            state_then = past.database(identity).at(judged.start)
            arn = state_then.traits.arn if state_then is not None else identity
            known = judged.value.unrecoverable  # in doubt None, so inferred
            yield _told(judged.start, "database-unrecoverable", arn, known)
            return


def _told(at: Moment, what: str, resource: str, known: Known | None) -> Forecast:
    basis = Basis.INFERRED if known is None else known.basis
    return Forecast(at=at, what=what, resource=resource, basis=basis)
