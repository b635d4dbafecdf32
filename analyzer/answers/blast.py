"""`blast`: which databases and copies hang on a key, and what losing it would do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from analyzer.answers.doubt import doubt
from analyzer.answers.shape import Document, Scope, copy, evidence
from analyzer.evidence import Evidence
from analyzer.history.component import component
from analyzer.history.history import History
from analyzer.moment import SECOND, Moment
from analyzer.recovery.copies import Condition, CopyState, Kind
from analyzer.recovery.database import DELETED, DatabaseState
from analyzer.recovery.verdict import Judgement
from analyzer.resource import Fact
from analyzer.resources.kms_key.events import KeyDeleted

_LIVE = frozenset({Kind.VOLUME, Kind.AUTOMATED_BACKUP})


class _Living(NamedTuple):
    """A database that was not deleted yet."""

    identity: str
    state: DatabaseState
    judgement: Judgement


def blast(scope: Scope, arn: str, last_used: Evidence | None) -> Document:
    """Build the contract's `blast` document.

    Args:
        scope: what is known and which moment is asked about.
        arn: the key.
        last_used: the newest successful use of it, None where none is on record.
    """
    living = [one for identity in _on_key(scope, arn) if (one := _alive(scope, identity))]
    hanging = component(scope.history, *(one.identity for one in living))
    lost = _without_key(hanging, arn, scope.at)
    found = [_database(one, lost, scope.at) for one in living]
    return {
        "key": arn,
        **scope.head(),
        "databases": sorted(found, key=lambda row: str(row["database"])),
        "snapshots": [copy(state) for state in _copies(scope, arn)],
        "last_used": evidence(last_used),
    }


def _on_key(scope: Scope, arn: str) -> Iterator[str]:
    """Yield the databases of which the live storage or any copy lies under the key."""
    history = scope.history
    for identity in history.groups.database_facts:
        if history.key_of(identity) == arn or any(
            state is not None and state.key == arn
            for state in (one.at(scope.at) for one in history.copies(identity))
        ):
            yield identity


def _alive(scope: Scope, identity: str) -> _Living | None:
    state = scope.history.database(identity).at(scope.at)
    judgement = scope.history.judgements(identity).at(scope.at)
    if state is None or judgement is None or state.status == DELETED:
        return None
    return _Living(identity, state, judgement)


def _database(one: _Living, lost: History, at: Moment) -> Document:
    """Return a database under the key, and what would be left of it had the key been deleted."""
    judgement = one.judgement
    then = lost.judgements(one.identity).at(at)
    states = (held.at(at) for held in lost.copies(one.identity))
    left = [state for state in states if state is not None and not state.condition.is_lost]
    return {
        "database": one.state.traits.arn,
        "verdict": judgement.verdict.value,
        "doubt": doubt(judgement),
        "if_lost": {
            "verdict": then.verdict.value if then is not None else judgement.verdict.value,
            "doubt": doubt(then or judgement),
            "surviving_copies": [copy(state) for state in left],
            "data_loss_seconds": None
            if then is None or then.lost_data is None
            else then.lost_data // SECOND,
        },
    }


def _without_key(alone: History, arn: str, at: Moment) -> History:
    """Return the history as it would stand had the key been deleted at that moment."""
    imagined = Evidence(entry=-1, event_id="", event_name="DeleteKey", time=at)
    deleted = Fact(evidence=imagined, event=KeyDeleted(key=arn, is_native=False))
    return alone.until(at).extended((deleted,))


def _copies(scope: Scope, arn: str) -> Iterator[CopyState]:
    """Yield the copies under the key that live apart from their database and still exist."""
    for identity in scope.history.groups.database_facts:
        for one in scope.history.copies(identity):
            state = one.at(scope.at)
            if state is None or state.key != arn or state.kind in _LIVE:
                continue
            if state.condition is not Condition.GONE:
                yield state
