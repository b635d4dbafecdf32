"""Proving: one entry with all that a stranger needs."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analyzer import moment
from analyzer.answers.shape import Document, evidence
from analyzer.digests.report import DigestReport
from analyzer.errors import AmbiguousEntryError, MisspelledError, UnknownEntryError
from analyzer.knowledge import Knowledge
from analyzer.moment import Moment
from analyzer.proof.leading import STEP
from analyzer.proof.provenance import steps
from analyzer.proof.sealing import Sealed, find_seal, row_of
from analyzer.proof.sealing import described as seal_document
from analyzer.proof.signing import described
from analyzer.reader import read
from ledger.checkpoint import Checkpoint
from ledger.entry import Entry, Header, Kind
from ledger.errors import MalformedError
from ledger.exhibit import Exhibit
from ledger.keys import PublicKey
from ledger.proving import prove
from ledger.seal import Row, Seal
from ledger.spelling import Json, read_json
from ledger.store import Ledger

_RECORDS: Final = frozenset({Kind.RECORD, Kind.CONFLICT})


@dataclass(frozen=True, slots=True, kw_only=True)
class StateQuestion:
    """Which sealed state is to be proved.

    Attributes:
        resource: the key or database whose row is to be shown; None for the seal alone.
        at: the sealed moment, as typed; None for that of the last seal.
        known_at: the entries that were known, as typed; None for those of the last seal.
        now: the present.
    """

    resource: str | None
    at: str | None
    known_at: str | None
    now: Moment


def find_entry(ledger: Ledger, name: str) -> int:
    """Find the entry that *name* means: `#17`, `17`, or the id of an event.

    Raises:
        UnknownEntryError: there is no such entry.
        AmbiguousEntryError: several entries hold a record of that id.
    """
    wanted = name.strip()
    number = wanted.removeprefix("#")
    if number.isascii() and number.isdigit():
        if len(number) > len(str(ledger.size)) or int(number) >= ledger.size:
            raise UnknownEntryError(name, ledger.size)
        return int(number)
    found = tuple(entries_of(ledger, wanted))
    if not found:
        raise UnknownEntryError(name, ledger.size)
    if len(found) > 1:
        raise AmbiguousEntryError(name, found)
    return found[0]


def proof_of(ledger: Ledger, name: str, checkpoint: Path | None, report: DigestReport) -> Document:
    """Prove that an entry is in the ledger.

    Args:
        ledger: holds it.
        name: as `find_entry` takes it.
        checkpoint: a file with the checkpoint to which the proof is to lead; None for the last
            one of the ledger that covers the entry.
        report: what digest files say; it gives the entry's provenance.

    Returns:
        What is proved, and the file that proves it in `proof`.
    """
    against = None if checkpoint is None else read_checkpoint(checkpoint)
    index = find_entry(ledger, name)
    if against is not None and index >= against.size:
        raise UnknownEntryError(name, against.size)
    return proved(ledger, index, against, provenance=steps(ledger, index, report))


def state_proof_of(
    knowledge: Knowledge, ledger: Ledger, question: StateQuestion, checkpoint: Path | None
) -> Document:
    """Prove a sealed state, or what it says of one key or database.

    Args:
        knowledge: of the ledger.
        ledger: holds the seal.
        question: which state, and of what.
        checkpoint: as for `proof_of`.

    Raises:
        UnknownSealError: no such state was sealed.
        UnknownResourceError: nothing had that name then.
        RestatedError: what is derived now is not what was sealed.
    """
    against = None if checkpoint is None else read_checkpoint(checkpoint)
    at, known_at, now = question.at, question.known_at, question.now
    then = None if at is None else knowledge.scope(at, known_at, now).at
    size = None if known_at is None else knowledge.size(known_at, now)
    sealed = find_seal(ledger, then, size)
    if against is not None and sealed.entry >= against.size:
        raise UnknownEntryError(f"#{sealed.entry}", against.size)
    row = None
    if question.resource is not None:
        row = row_of(knowledge, sealed, question.resource, now)
    return proved(ledger, sealed.entry, against, row=row)


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint that was kept in a file; raises MisspelledError and OSError."""
    try:
        return Checkpoint.parse(text_of(path))
    except MalformedError as error:
        raise MisspelledError(str(path), "checkpoint", error.detail) from error


def read_key(given: str) -> PublicKey:
    """Read a public key, or a file that holds one; raises MisspelledError and OSError."""
    path = Path(given)
    text = text_of(path).strip() if "+" not in given or path.is_file() else given.strip()
    try:
        return PublicKey.parse(text)
    except MalformedError as error:
        raise MisspelledError(given, "public key", error.detail) from error


def text_of(path: Path) -> str:
    """Read a file as text; raises MisspelledError and OSError."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise MisspelledError(str(path), "text", "it is not UTF-8") from error


def shown_of(exhibit: Exhibit) -> Document:
    """Return what is shown of an entry."""
    header, payload = exhibit.header, exhibit.payload
    record = None
    if payload is not None and header.kind in _RECORDS:
        record = read(header.index, payload)
    return {
        "entry": _header(header),
        "record": None if record is None else evidence(record.evidence),
        "payload_base64": None if payload is None else base64.b64encode(payload).decode(),
        "state": _state(exhibit),
        "provenance": [dict(step) for step in exhibit.provenance if step.get("step") != STEP],
    }


def proved(
    ledger: Ledger,
    index: int,
    against: Checkpoint | None,
    *,
    provenance: Sequence[Mapping[str, Json]] = (),
    row: Row | None = None,
) -> Document:
    """Return a proof of an entry as a document; see `ledger.proving.prove`."""
    proof = prove(ledger, index, against=against, provenance=provenance, row=row)
    exhibit = Exhibit.decode(proof.extra or b"")
    return {
        **shown_of(exhibit),
        "checkpoint": described(proof.checkpoint),
        "fleet": None,
        "proof": str(proof),
    }


def _state(exhibit: Exhibit) -> Document | None:
    """Return the sealed state in an entry, with the row that is shown; null where there is none."""
    if exhibit.header.kind is not Kind.SEAL or exhibit.payload is None:
        return None
    try:
        seal = Seal.decode(exhibit.payload)
        row = None if exhibit.row is None else read_json(exhibit.row.row)
    except MalformedError:
        return None
    shown = row if isinstance(row, Mapping) else None
    return {**seal_document(Sealed(entry=exhibit.header.index, seal=seal)), "row": shown}


def _header(header: Header) -> Document:
    return {
        "index": header.index,
        "kind": header.kind.name.lower(),
        "lane": header.lane,
        "sealed_at": moment.text(header.sealed_at),
        "source_sha256": header.source.hex(),
        "position": header.position,
        "offset": header.offset,
        "unwrapping": [step.name.lower() for step in header.unwrapping],
        "length": header.length,
        "payload_sha256": header.payload.hex(),
        "previous": header.previous.hex(),
        "leaf": header.leaf.hex(),
    }


def entries_of(ledger: Ledger, event_id: str) -> Iterator[int]:
    """Yield the entries that hold a record of that id; twins and conflicts share one."""
    spelled = event_id.encode(errors="surrogatepass")
    for entry in ledger.entries():
        if entry.payload is not None and spelled in entry.payload and _is_of(entry, event_id):
            yield entry.header.index


def _is_of(entry: Entry, event_id: str) -> bool:
    if entry.header.kind not in _RECORDS or entry.payload is None:
        return False
    record = read(entry.header.index, entry.payload)
    return record is not None and record.evidence.event_id == event_id
