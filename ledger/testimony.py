"""Testimony: what checkpoints say of the tree that an audit grows, who signed them, and whether so.

The ledger's own checkpoints are heard, and one that somebody kept elsewhere: a ledger that was cut
or rewritten together with its own contradicts that one only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ledger.checkpoint import Checkpoint
from ledger.entry import OWN_LANE, Kind
from ledger.errors import MalformedError, ProofError, UncheckedError, UnreadableError
from ledger.hashing import Digest
from ledger.keyring import Keyring
from ledger.keys import PublicKey
from ledger.note import check_signed, made_by
from ledger.report import Break, BreakKind, Kept
from ledger.rows import Rows
from ledger.run import Run
from ledger.segment import SegmentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One checkpoint that waits for the tree to reach its size.

    Attributes:
        size: entries.
        note: its text, not read yet.
        is_kept: whether it was kept elsewhere.
    """

    size: int
    note: str
    is_kept: bool


class Testimony:
    """Hears every checkpoint once.

    Attributes:
        checked: the ledger's own that were compared.
        failed: those that did not fit.
        signed: those with a signature that holds.
        unsigned: those without one, although the ledger had a key.
        notes: what else a person should know.
        is_whole: whether all that was asked for could be checked.
        keyring: the keys so far.
    """

    def __init__(
        self,
        rows: Rows,
        breaks: list[Break],
        origin: str | None,
        kept: Checkpoint | None,
        key: PublicKey | None,
    ) -> None:
        self.checked = self.failed = self.signed = self.unsigned = 0
        self.notes: list[str] = []
        self.is_whole = True
        self.keyring = Keyring()
        self._rows = rows
        self._breaks = breaks
        self._origin = origin
        self._kept = kept
        self._key = key
        self._extends: bool | None = None
        self._due = sorted(self._statements(), key=lambda one: (one.size, one.is_kept))

    def until(self, stop: int) -> Iterator[Statement]:
        """Take the statements about sizes up to *stop*."""
        while self._due and self._due[0].size <= stop:
            yield self._due.pop(0)

    def learn_keys(self, row: SegmentRow) -> None:
        """Take up the changes of keys in a segment, before statements behind them are heard."""
        try:
            if OWN_LANE not in self._rows.lanes(row.first):
                return
            run = Run(self._rows, row)
            found = (run.columns.kinds == Kind.KEY) & (run.columns.lanes == OWN_LANE)
            places: list[int] = np.flatnonzero(found).tolist()
            payloads = run.payloads(places)
        except (MalformedError, UnreadableError):
            return  # the entries themselves are breaks
        for place, payload in zip(places, payloads, strict=True):
            self._learn(row.first + place, payload)

    def hear(self, statement: Statement, root: Digest) -> None:
        """Compare a statement with the tree, which has reached its size."""
        try:
            made = Checkpoint.parse(statement.note)
        except MalformedError as error:
            self._fail(statement, error.detail)
            return
        if made.size != statement.size or made.root != root:
            self._fail(statement, "it has another root")
        elif self._origin not in {None, made.origin}:
            self._fail(statement, "it is another ledger's")
        elif not statement.is_kept:
            self._hear_signatures(statement, made)
        else:
            self._extends = True
            self._hear_kept(statement, made)

    def finish(self, size: int) -> None:
        """Say what reaches beyond the end, and what was left unheard."""
        for statement in self._due:
            if statement.size > size:
                self._count(statement)
                detail = f"{_whose(statement)} was made at {statement.size} entries"
                self._breaks.append(Break(index=size, kind=BreakKind.TRUNCATED, detail=detail))
        if self.unsigned:
            self.notes.append(
                f"not signed by the key of their time: {self.unsigned} of the checkpoints"
            )
        for held in self.keyring.held:
            if not held.is_endorsed:
                self.notes.append(f"entry {held.since} changes keys without the old key's word")
        if self._key is not None:
            self._trace(self._key)

    def kept(self) -> Kept | None:
        """What came of the checkpoint that was kept elsewhere; None where there was none."""
        if self._kept is None:
            return None
        return Kept(checkpoint=self._kept, extends=self._extends)

    def _statements(self) -> Iterator[Statement]:
        if self._kept is not None:
            yield Statement(size=self._kept.size, note=str(self._kept), is_kept=True)
        try:
            stored: Sequence[tuple[int, str]] = self._rows.checkpoint_notes()
        except UnreadableError as error:
            self.checked, self.failed = 1, 1
            detail = f"the checkpoints cannot be read: {error.detail}"
            self._breaks.append(Break(index=0, kind=BreakKind.ROOT, detail=detail))
            return
        for size, note in stored:
            yield Statement(size=size, note=note, is_kept=False)

    def _learn(self, index: int, payload: bytes) -> None:
        try:
            self.keyring = self.keyring.changed(index, payload, self._origin or "")
        except UncheckedError as error:
            self._leave_open(error.detail)
        except (MalformedError, ProofError) as error:
            if not any(found.index == index for found in self._breaks):
                detail = f"it is no change of keys: {error.detail}"
                self._breaks.append(Break(index=index, kind=BreakKind.PAYLOAD, detail=detail))

    def _hear_signatures(self, statement: Statement, made: Checkpoint) -> None:
        in_force = self.keyring.at(made.size)
        try:
            for held in self.keyring.held:
                if held.since >= made.size or not made_by(held.key, made.signatures):
                    continue
                made.check(held.key)
                if held.key != in_force:
                    self._fail(statement, "it is signed with a key that was not in force")
                    return
                self.signed += 1
        except UncheckedError as error:
            self._leave_open(error.detail)
        except ProofError as error:
            self._fail(statement, error.detail)
            return
        self.checked += 1
        self.unsigned += in_force is not None and not made_by(in_force, made.signatures)

    def _hear_kept(self, statement: Statement, made: Checkpoint) -> None:
        if not made.size:
            self._leave_open("a checkpoint of 0 entries was kept: every ledger extends that")
        key = self._key or self.keyring.at(made.size)
        try:
            if key is not None and made_by(key, made.signatures):
                check_signed(made.text, made.signatures, key)
            elif self._key is not None:
                others = ", ".join(f"{one.name}+{one.key_id.hex()}" for one in made.signatures)
                told = f"it is signed by {others}" if others else "it is not signed"
                self._leave_open(f"the checkpoint that was kept is not signed by the key: {told}")
        except UncheckedError as error:
            self._leave_open(error.detail)
        except ProofError as error:
            self._fail(statement, error.detail)

    def _trace(self, key: PublicKey) -> None:
        """See whether a key that somebody trusts leads to the one in force."""
        places = [place for place, held in enumerate(self.keyring.held) if held.key == key]
        if not places:
            self._leave_open("the key is not one with which this ledger ever signed")
        elif not all(held.is_endorsed for held in self.keyring.held[places[-1] + 1 :]):
            self._leave_open("the key does not vouch for those that came after it")

    def _leave_open(self, note: str) -> None:
        self.is_whole = False
        if note not in self.notes:
            self.notes.append(note)

    def _fail(self, statement: Statement, fault: str) -> None:
        self._count(statement)
        detail = f"{_whose(statement)} of {statement.size} entries: {fault}"
        index = max(statement.size - 1, 0)
        self._breaks.append(Break(index=index, kind=BreakKind.ROOT, detail=detail))

    def _count(self, statement: Statement) -> None:
        if statement.is_kept:
            self._extends = False
        else:
            self.checked += 1
            self.failed += 1


def _whose(statement: Statement) -> str:
    return "the checkpoint that was kept" if statement.is_kept else "the checkpoint"
