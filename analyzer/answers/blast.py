"""`blast`: which databases and copies hang on a key, and what losing it would do."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.answers.doubt import doubt
from analyzer.answers.shape import Document, Scope, copy, evidence
from analyzer.evidence import Evidence
from analyzer.history.component import component
from analyzer.history.history import History
from analyzer.moment import SECOND, Moment
from analyzer.recovery.copies import Condition, CopyState, Kind
from analyzer.recovery.database import DELETED
from analyzer.resource import Fact
from analyzer.resources.kms_key.events import KeyDeleted

_LIVE = frozenset({Kind.VOLUME, Kind.AUTOMATED_BACKUP})


def blast(scope: Scope, arn: str, last_used: Evidence | None) -> Document:
    """Build the contract's `blast` document.

    Args:
        scope: what is known and which moment is asked about.
        arn: the key.
        last_used: the newest successful use of it, None where none is on record.
    """
    found = [row for identity in _on_key(scope, arn) if (row := _database(scope, identity, arn))]
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


def _database(scope: Scope, identity: str, arn: str) -> Document | None:
    history, at = scope.history, scope.at
    state, judgement = history.database(identity).at(at), history.judgements(identity).at(at)
    if state is None or judgement is None or state.status == DELETED:
        return None
    lost = _without_key(component(history, identity), arn, at)
    then = lost.judgements(identity).at(at)
    states = (one.at(at) for one in lost.copies(identity))
    left = [one for one in states if one is not None and not one.condition.is_lost]
    return {
        "database": state.traits.arn,
        "verdict": judgement.verdict.value,
        "doubt": doubt(judgement),
        "if_lost": {
            "verdict": then.verdict.value if then is not None else judgement.verdict.value,
            "doubt": doubt(then or judgement),
            "surviving_copies": [copy(one) for one in left],
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
