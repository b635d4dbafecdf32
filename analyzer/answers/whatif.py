"""`whatif`: the verdicts as they are beside those that would be; nothing is written anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from analyzer import when
from analyzer.answers.doubt import doubt
from analyzer.answers.shape import Document, Scope, time
from analyzer.counterfactual.assumption import Assumption, payload
from analyzer.counterfactual.counterfactual import Hypothetical, imagined
from analyzer.errors import UnknownEventError
from analyzer.evidence import Evidence
from analyzer.history.history import History
from analyzer.history.naming import resolve
from analyzer.moment import Moment
from analyzer.place import parse as parse_entry
from analyzer.reader import decode, read
from analyzer.resource import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What to imagine, as typed.

    Attributes:
        skip: event ids to cross out, or `#` and an entry.
        insert: payloads of records to put in.
        assume: calls to put in.
    """

    skip: Sequence[str] = ()
    insert: Sequence[bytes] = ()
    assume: Sequence[Assumption] = ()


def whatif(scope: Scope, changes: Changes, now: Moment, *, is_end: bool) -> Document:
    """Build the contract's `whatif` document.

    Args:
        scope: what is known and which moment is asked about.
        changes: what to imagine.
        now: the present, to which times may be relative.
        is_end: whether the moment is the newest event; it then moves to that of what is put in.

    Raises:
        UnknownEventError: nothing of that id can be crossed out.
        UnreadableTimeError: the time of an assumption cannot be read.
        AnalyzerError: the key of an assumption is unknown or ambiguous.
    """
    skipped = [fact for name in changes.skip for fact in _named(scope.history, name)]
    payloads = [*changes.insert, *_assumed(scope, changes.assume, now)]
    known = {fact.evidence.digest for fact in scope.history.groups.facts}
    readable = (read(-number, one) for number, one in enumerate(payloads, start=1))
    new = [one for one in readable if one is not None and one.evidence.digest not in known]
    decoded = [decode(record) for record in new]
    added = [fact for fact in decoded if isinstance(fact, Fact)]
    if is_end:
        scope = replace(scope, at=max([scope.at, *(fact.evidence.time for fact in added)]))
    entries = [fact.evidence.entry for fact in skipped]
    found = imagined(scope.history, entries, added)
    return {
        **scope.head(),
        "skipped": [fact.evidence.document() for fact in skipped],
        "added": [_unsealed(record.evidence) for record in new],
        "dropped": [fact.evidence.document() for fact in found.dropped],
        "changes": list(_changes(scope, found.history)),
        "notes": list(_notes(scope, found, len(payloads) - len(new), len(new) - len(added))),
    }


def _named(history: History, name: str) -> list[Fact]:
    """Return the facts that an event id, or an entry, means."""
    wanted = name.strip()
    entry = parse_entry(wanted)
    found = [
        fact
        for fact in history.groups.facts
        if fact.evidence.event_id == wanted
        or (entry is not None and entry in (fact.evidence.entry, *fact.evidence.twins))
    ]
    if not found:
        ids = sorted({fact.evidence.event_id for fact in history.groups.facts})
        raise UnknownEventError(name, tuple(get_close_matches(wanted, ids, 3, 0.8)))
    return found


def _assumed(scope: Scope, assumptions: Iterable[Assumption], now: Moment) -> Iterator[bytes]:
    """Yield the record of each call; it answers as the calls before it have left things."""
    earlier: list[Fact] = []
    for number, one in enumerate(assumptions, start=1):
        history = scope.history.extended(earlier) if earlier else scope.history
        at = when.parse(one.time, now=now, end=scope.history.end or scope.at)
        key = resolve(scope.history, one.key, at, ("key",)).id
        body = payload(one, number, at, key, history.key(key).at(at))
        yield body
        record = read(-number, body)
        fact = decode(record) if record is not None else None
        earlier += [fact] if isinstance(fact, Fact) else []


def _unsealed(evidence: Evidence) -> Document:
    """Return evidence of what stands in no ledger."""
    return {**evidence.document(), "entry": None}


def _changes(scope: Scope, hypothetical: History) -> Iterator[Document]:
    """Yield the databases whose verdict, or its moment, would be another."""
    identities = {
        *scope.history.groups.database_facts,
        *hypothetical.groups.database_facts,
    }
    rows = []
    for identity in identities:
        baseline = _judged(scope.history, identity, scope.at)
        instead = _judged(hypothetical, identity, scope.at)
        if baseline != instead:
            address = _address(scope.history, hypothetical, identity, scope.at)
            rows.append((address, identity, baseline, instead))
    for address, identity, baseline, instead in sorted(rows, key=lambda row: row[:2]):
        yield {
            "database": address,
            "id": identity,
            "baseline": baseline,
            "hypothetical": instead,
        }


def _judged(history: History, identity: str, at: Moment) -> Document | None:
    """Return the verdict on a database; null where it does not exist."""
    if identity not in history.groups.database_facts:
        return None
    state, judgement = history.database(identity).at(at), history.judgements(identity).at(at)
    if state is None or judgement is None:
        return None
    lost = judgement.unrecoverable
    return {
        "verdict": judgement.verdict.value,
        "unrecoverable_since": None if lost is None else time(lost.at),
        "recoverable_until": time(judgement.until),
        "status": state.status,
        "doubt": doubt(judgement),
    }


def _address(real: History, hypothetical: History, identity: str, at: Moment) -> str:
    for history in (real, hypothetical):
        states = history.database(identity)
        state = states.at(at) or states.last
        if state is not None:
            return state.traits.arn
    return identity


def _notes(scope: Scope, found: Hypothetical, known: int, idle: int) -> Iterator[str]:
    """Yield what a reader must know of how far the answer reaches."""
    if known:
        yield f"{known} of the records to insert are in the ledger already, and change nothing."
    if idle:
        yield f"{idle} of the records to insert move no key and no database."
    touched = sorted(found.history.groups.key_facts)
    before = {oddity.evidence[-1] for arn in touched for oddity in scope.history.oddities(arn)}
    for arn in touched:
        for oddity in found.history.oddities(arn):
            last = oddity.evidence[-1]
            if last not in before:
                yield f"{arn}: {oddity.detail}, which AWS would have refused."
