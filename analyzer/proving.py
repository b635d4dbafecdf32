"""Proving: one entry with all that a stranger needs, and what a stranger makes of it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from analyzer import moment
from analyzer.answers.shape import Document, evidence
from analyzer.digests.keys import PublicKeys
from analyzer.digests.report import DigestReport
from analyzer.errors import AmbiguousEntryError, MisspelledError, UnknownEntryError
from analyzer.provenance import checks, steps
from analyzer.reader import read
from analyzer.signing import described
from ledger.checkpoint import Checkpoint
from ledger.entry import Entry, Header, Kind
from ledger.errors import MalformedError
from ledger.exhibit import Exhibit
from ledger.keys import PublicKey
from ledger.proof import FIRST_LINE
from ledger.proving import prove
from ledger.store import Ledger
from ledger.verification import Finding, Verification, verify_checkpoint, verify_proof

_RECORDS: Final = frozenset({Kind.RECORD, Kind.CONFLICT})

_SECOND_LINE: Final = re.compile(r"[^\n]+\n\d+\n")
"""What a checkpoint begins with, also one that was damaged."""

_NOT_SHOWN: Final = (
    "that what the record says is true, or that it is all there was to know",
    "that it was sealed when the header says: that is what the writer's clock said",
)
"""What no proof of an entry shows."""

_TOLD: Final = "where the source came from: the steps of its provenance are told, not proved"

_IN_SOURCE: Final = (
    "that the record stands in the log file that CloudTrail signed: the header says so, and "
    "whoever has that file can look there"
)


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
    found = tuple(_entries_of(ledger, wanted))
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
    proof = prove(ledger, index, against=against, provenance=steps(ledger, index, report))
    exhibit = Exhibit.decode(proof.extra or b"")
    return {**_shown(exhibit), "checkpoint": described(proof.checkpoint), "proof": str(proof)}


def verification_of(
    file: Path, checkpoint: Path | None, key: str | None, digest_keys: PublicKeys | None = None
) -> Document:
    """Check a proof or a checkpoint without a ledger.

    Args:
        file: the proof, or the checkpoint.
        checkpoint: a file with a checkpoint that was kept elsewhere.
        key: the ledger's public key in the spelling of C2SP signed-note, or a file that holds it.
        digest_keys: CloudTrail's public keys; None if the provenance is not to be checked.

    Returns:
        The outcome, every check, and what the file holds.

    Raises:
        MisspelledError: a file is not at all what it ought to be.
        OSError: a file cannot be read.
    """
    trusted = None if checkpoint is None else read_checkpoint(checkpoint)
    public = None if key is None else read_key(key)
    spelled = _text(file)
    is_proof = spelled.startswith(FIRST_LINE)
    if not is_proof and not _SECOND_LINE.match(spelled):
        raise MisspelledError(str(file), "proof or checkpoint", "neither begins like this")
    verify = verify_proof if is_proof else verify_checkpoint
    verification = verify(spelled, trusted, public)
    if digest_keys is not None and is_proof:
        more = checks(verification.exhibit, digest_keys)
        verification = replace(verification, checks=(*verification.checks, *more))
    return {
        "what": "entry" if is_proof else "checkpoint",
        **verification.document(),
        **_held(verification),
    }


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint that was kept in a file; raises MisspelledError and OSError."""
    try:
        return Checkpoint.parse(_text(path))
    except MalformedError as error:
        raise MisspelledError(str(path), "checkpoint", error.detail) from error


def read_key(given: str) -> PublicKey:
    """Read a public key, or a file that holds one; raises MisspelledError and OSError."""
    path = Path(given)
    text = _text(path).strip() if "+" not in given or path.is_file() else given.strip()
    try:
        return PublicKey.parse(text)
    except MalformedError as error:
        raise MisspelledError(given, "public key", error.detail) from error


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise MisspelledError(str(path), "text", "it is not UTF-8") from error


def _held(verification: Verification) -> Document:
    """Return what the file holds; null where it cannot be read."""
    exhibit, checkpoint = verification.exhibit, verification.checkpoint
    nothing: Document = {"entry": None, "record": None, "payload_base64": None, "provenance": []}
    is_signed = any(
        one.name == "aws-signature" and one.finding is Finding.HOLDS for one in verification.checks
    )
    told: tuple[str, ...] = (_IN_SOURCE,) if is_signed else ()
    if exhibit is not None and exhibit.provenance and not is_signed:
        told = (_TOLD,)
    return {
        **(nothing if exhibit is None else _shown(exhibit)),
        "checkpoint": None if checkpoint is None else described(checkpoint),
        "not_shown": [] if exhibit is None else [*_NOT_SHOWN, *told],
    }


def _shown(exhibit: Exhibit) -> Document:
    header, payload = exhibit.header, exhibit.payload
    record = None
    if payload is not None and header.kind in _RECORDS:
        record = read(header.index, payload)
    return {
        "entry": _header(header),
        "record": None if record is None else evidence(record.evidence),
        "payload_base64": None if payload is None else base64.b64encode(payload).decode(),
        "provenance": [dict(step) for step in exhibit.provenance],
    }


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


def _entries_of(ledger: Ledger, event_id: str) -> Iterator[int]:
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
