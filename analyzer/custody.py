"""Custody: the ledger as evidence: heads, keys, proofs, seals, redactions, and what lies in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from analyzer.answers.gaps import vouching
from analyzer.answers.shape import Document
from analyzer.answers.state import state
from analyzer.cloudtrail.record import Lane
from analyzer.digests.keys import PublicKeys
from analyzer.erasure import erase, plan
from analyzer.export.sealed import Sealed, Selection, selected
from analyzer.keeping import Kept
from analyzer.knowledge import Knowledge
from analyzer.moment import Moment
from analyzer.proof.proving import (
    StateQuestion,
    proof_of,
    read_checkpoint,
    read_key,
    state_proof_of,
)
from analyzer.proof.sealing import seal_state
from analyzer.proof.signing import change_key, checkpoint_of, described, key_file_of, start_signing
from analyzer.sealed import Extent, extent, holdings, reject, sealed
from ledger.audit import audit
from ledger.copying import copy
from ledger.entry import Kind
from ledger.report import AuditReport
from ledger.store import Ledger


class Custody(Kept):
    """The chain of custody of one ledger: what can be checked of it, and is done to it."""

    def __init__(self, ledger: Ledger, knowledge: Knowledge) -> None:
        """Take an open ledger, and what was read from it."""
        super().__init__(knowledge)
        self._ledger = ledger

    def audit(
        self,
        on_progress: Callable[[int, int], None] | None = None,
        *,
        against: Path | None = None,
        key: str | None = None,
    ) -> AuditReport:
        """Recompute every hash of the ledger.

        Args:
            on_progress: told the entries gone through, and all of them.
            against: a file with a checkpoint that was kept elsewhere.
            key: the ledger's public key, or a file that holds it.

        Raises:
            MisspelledError: a file is not at all what it ought to be.
        """
        kept = None if against is None else read_checkpoint(against)
        public = None if key is None else read_key(key)
        return audit(self._ledger, against=kept, key=public, progress=on_progress, workers=None)

    def copy(self, target: Path, on_progress: Callable[[int, int], None]) -> AuditReport:
        """Copy the ledger to a new file and audit the copy."""
        return copy(self._ledger, target, progress=on_progress)

    def vouching(self, keys: PublicKeys | None = None) -> Document | None:
        """Return what the ledger's digest files say of its sources; None where there are none."""
        return vouching(self._knowledge.digests(keys=keys))

    def newest_checkpoint(self) -> Document | None:
        """Return the newest checkpoint that is stored; None where there is none."""
        stored = self._ledger.checkpoints()
        return described(stored[-1]) if stored else None

    def start_signing(self, key_file: Path | None, now: Moment, chance: bytes) -> None:
        """Give the ledger its first key; see `analyzer.proof.signing.start_signing`."""
        start_signing(self._ledger, key_file_of(self._ledger, key_file), now, chance)

    def change_key(
        self, key_file: Path | None, now: Moment, chance: bytes, *, is_lost: bool
    ) -> None:
        """Replace the key that signs; see `analyzer.proof.signing.change_key`."""
        keys = key_file_of(self._ledger, key_file)
        change_key(self._ledger, keys, now, chance, is_lost=is_lost)

    def checkpoint(self, key_file: Path | None, witness: Path | None, now: Moment) -> Document:
        """Store and show the head of now; see `analyzer.proof.signing.checkpoint_of`."""
        return checkpoint_of(self._ledger, key_file_of(self._ledger, key_file), witness, now)

    def prove(
        self, event: str, checkpoint: Path | None, keys: PublicKeys | None = None
    ) -> Document:
        """Prove that an entry is in the ledger; see `analyzer.proof.proving.proof_of`."""
        report = self._knowledge.digests(keys=keys)
        return proof_of(self._ledger, event, checkpoint, report)

    def seal_state(
        self, at: str, known_at: str | None, now: Moment, rules: str | None, code: str
    ) -> Document:
        """Answer `state` for everything and seal it; see `analyzer.proof.sealing.seal_state`."""
        scope = self._knowledge.scope(at, known_at, now, rules)
        return {**state(scope, None), "seal": seal_state(self._ledger, scope, rules, code, now)}

    def prove_state(self, question: StateQuestion, checkpoint: Path | None) -> Document:
        """Prove what was sealed of a state; see `analyzer.proof.proving.state_proof_of`."""
        return state_proof_of(self._knowledge, self._ledger, question, checkpoint)

    def redactable(self, entries: Sequence[int], reason: str, *, keeps: bool) -> Document:
        """Say what a redaction of *entries* would erase; see `analyzer.erasure.plan`."""
        return plan(self._ledger, entries, reason, keeps=keeps)

    def redact(
        self,
        entries: Sequence[int],
        reason: str,
        *,
        keeps: bool,
        key_file: Path | None,
        now: Moment,
    ) -> Document:
        """Erase the payloads of *entries*; see `analyzer.erasure.erase`."""
        from analyzer.warehouse.store import discard

        keys = key_file_of(self._ledger, key_file)
        discard(self._ledger)
        return erase(self._ledger, entries, reason, keeps=keeps, keys=keys, now=now)

    def extent(self) -> Extent:
        """Return how much the ledger holds, before anything of it is read."""
        return extent(self._ledger)

    def holdings(self) -> Document:
        """Return what the ledger holds: its head, checkpoints, sources and rejects."""
        return holdings(self._ledger, list(self.rejects()))

    def sealed(self, entry: int) -> Document:
        """Return an entry as it is sealed: header and text; raises IndexError, BrokenError."""
        return sealed(self._ledger.entry(entry), self._source_names())

    def rejects(self) -> Iterator[Document]:
        """Yield the records that could not be admitted, in ledger order, kept verbatim."""
        names, reasons = self._source_names(), self._ledger.notes()
        for entry in self._ledger.entries(lanes={Lane.REJECTS}):
            if entry.header.kind is Kind.REJECT:
                yield reject(entry, names, reasons.get(entry.header.index))

    def _source_names(self) -> dict[bytes, str]:
        """Return the first name under which each source was met, by its digest."""
        return {source.digest: source.name for source in reversed(self._ledger.sources())}

    def selected(
        self, selection: Selection, on_progress: Callable[[int, int], None]
    ) -> Iterator[Sealed]:
        """Yield what is selected, in ledger order; see `analyzer.export.sealed`."""
        return selected(self._ledger, selection, on_progress)

    def made_from(self) -> Document:
        """Return how far the ledger goes by now, to be kept beside what is made from it."""
        head = self._ledger.head()
        return {"ledger": {"size": head.size, "root": head.root.hex()}}
