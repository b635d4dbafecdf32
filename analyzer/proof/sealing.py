"""Sealing: what this ledger says of all keys and databases at a moment, sealed and shown again.

The rows are those of `state`, spelled as the ledger spells JSON. Whoever has the ledger and the
same version of the program derives the same rows again; whoever has neither is shown one row, its
path to the sealed root, and the path of the seal to a checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

from analyzer import moment
from analyzer.answers.shape import Document, Scope
from analyzer.answers.state import state
from analyzer.cloudtrail.record import content, identify
from analyzer.errors import RestatedError, UnknownSealError
from analyzer.history.naming import resolve
from analyzer.knowledge import Knowledge
from analyzer.moment import Moment
from ledger.admission import Candidate
from ledger.entry import OWN_LANE, Entry, Kind
from ledger.errors import MalformedError
from ledger.hashing import sha256
from ledger.seal import Row, Seal, prove_row, seal_of
from ledger.spelling import Json, spell_json
from ledger.store import Ledger

PROJECTION: Final = "state"
_KINDS: Final = {"keys": "key", "databases": "database"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A seal that was found in the ledger.

    Attributes:
        entry: where it is sealed.
        seal: what it says.
    """

    entry: int
    seal: Seal


def rows_of(scope: Scope) -> tuple[bytes, ...]:
    """Spell every row of `state`, each with `row`: key or database; one ledger has no `doubt`.

    Raises:
        MalformedError: a row holds what the ledger's JSON cannot.
    """
    document = state(scope, None)
    return tuple(
        _spelled(kind, row) for members, kind in _KINDS.items() for row in document[members]
    )


def seal_state(ledger: Ledger, scope: Scope, rules: str | None, code: str, now: Moment) -> Document:
    """Seal the state at a moment as an entry; the same state is sealed once.

    Args:
        ledger: gets an entry of kind SEAL.
        scope: what is known and which moment is asked about.
        rules: the era by whose rules it was judged.
        code: the program's name and version.
        now: the present.

    Returns:
        The entry, and what is sealed there.
    """
    payload = _seal(scope, rules, code).encode()
    candidate = Candidate(
        kind=Kind.SEAL,
        source=sha256(payload),
        position=0,
        offset=0,
        payload=payload,
        lane=OWN_LANE,
    )
    [admission] = ledger.append([candidate], sealed_at=now, identify=identify, content=content)
    return described(Sealed(entry=admission.index, seal=Seal.decode(payload)))


def find_seal(ledger: Ledger, at: Moment | None, size: int | None) -> Sealed:
    """Find the last sealed state, of a moment and a size of the ledger if they are given.

    Raises:
        UnknownSealError: there is none.
    """
    for sealed in reversed(tuple(_seals(ledger))):
        asked = sealed.seal.question.get("at")
        if at in {None, _moment(asked)} and size in {None, sealed.seal.size}:
            return sealed
    raise UnknownSealError(None if at is None else moment.text(at), size)


def row_of(knowledge: Knowledge, sealed: Sealed, name: str, now: Moment) -> Row:
    """Derive the sealed state again, and prove the row of one key or database.

    Args:
        knowledge: of the ledger.
        sealed: the seal.
        name: of the key or database, as at the sealed moment.
        now: the present; nothing depends on it.

    Raises:
        UnknownResourceError: nothing had that name then.
        RestatedError: what is derived now is not what was sealed.
    """
    scope = scope_of(knowledge, sealed.seal, now)
    rows = rows_of(scope)
    if _sealed_again(sealed.seal, rows) != sealed.seal:
        raise RestatedError(sealed.entry, sealed.seal.code, redacted_since(scope, sealed.seal))
    named = resolve(scope.history, name, scope.at, ("key", "database"))
    document = state(scope, named)
    [row] = [_spelled(kind, row) for members, kind in _KINDS.items() for row in document[members]]
    return prove_row(rows, row)


def is_derived_again(scope: Scope, seal: Seal) -> bool:
    """Whether a replay of as many entries gives the rows that were sealed; see `scope_of`."""
    return _sealed_again(seal, rows_of(scope)) == seal


def redacted_since(scope: Scope, seal: Seal) -> tuple[int, ...]:
    """Return the entries on which a sealed state rested and that were redacted later."""
    return tuple(one.entry for one in scope.redacted if one.order >= seal.size)


def scope_of(knowledge: Knowledge, seal: Seal, now: Moment) -> Scope:
    """Return what the sealed state rested on."""
    at, rules = seal.question.get("at"), seal.question.get("rules")
    era = rules if isinstance(rules, str) else None
    return knowledge.scope(str(at), f"#{seal.size}", now, era)


def described(sealed: Sealed) -> Document:
    """Return a seal as a JSON object."""
    seal = sealed.seal
    at, rules = _moment(seal.question.get("at")), seal.question.get("rules")
    return {
        "entry": sealed.entry,
        "projection": seal.projection,
        "code": seal.code,
        "size": seal.size,
        "at": None if at is None else moment.text(at),
        "rules": rules if isinstance(rules, str) else None,
        "rows": seal.rows,
        "root": seal.root.hex(),
    }


def _seal(scope: Scope, rules: str | None, code: str) -> Seal:
    return seal_of(
        rows_of(scope),
        projection=PROJECTION,
        code=code,
        size=scope.known_at,
        question={"at": moment.text(scope.at), "rules": rules},
    )


def _sealed_again(seal: Seal, rows: tuple[bytes, ...]) -> Seal:
    return seal_of(
        rows,
        projection=seal.projection,
        code=seal.code,
        size=seal.size,
        question=seal.question,
    )


def _spelled(kind: str, row: Document) -> bytes:
    held = {name: value for name, value in row.items() if name != "doubt"}
    return spell_json(cast("Json", {"row": kind, **held}))


def _seals(ledger: Ledger) -> Iterator[Sealed]:
    for entry in ledger.entries(lanes={OWN_LANE}):
        if (seal := _read(entry)) is not None:
            yield Sealed(entry=entry.header.index, seal=seal)


def _read(entry: Entry) -> Seal | None:
    """Return the seal of a state in an entry; None where it is something else."""
    if entry.header.kind is not Kind.SEAL or entry.payload is None:
        return None
    try:
        seal = Seal.decode(entry.payload)
    except MalformedError:
        return None
    return seal if seal.projection == PROJECTION else None


def _moment(spelled: Json) -> Moment | None:
    return moment.parse_iso(spelled) if isinstance(spelled, str) else None
