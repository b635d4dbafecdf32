"""What can go wrong in the ledger, as data; the sentence for the screen is written at the edge.

LedgerError
 ├─ LedgerMissingError        there is nothing at the path
 ├─ LedgerExistsError         a new ledger was asked for where there is one already
 ├─ NotALedgerError           there is something, but no ledger (or one of a newer format)
 ├─ LedgerBusyError           another writer held the ledger for longer than we wait
 ├─ LedgerUnwritableError     the medium refused a write; what was sealed before is whole
 │   ├─ LedgerFullError       no room left
 │   └─ LedgerReadOnlyError   the file or its directory may only be read
 ├─ NotRedactableError        an entry whose payload cannot be erased
 ├─ ResidueError              a payload is erased, but bytes of it may be left in the file
 ├─ MalformedError            bytes or values that are not in the one accepted spelling
 ├─ ProofError                a proof or a signature that does not show what it should
 ├─ UncheckedError            a signature that cannot be checked on this machine
 ├─ ForkError                 a ledger that does not extend what it, or its key, once said it was
 ├─ KeyFileError              the file of a signing key cannot be used
 ├─ WrongKeyError             a key that is not the one with which this ledger signs
 ├─ KeyTakenError             a first key was asked for where there is one already
 ├─ NoKeyError                a key was to be replaced, and there is none
 ├─ UnreadableError           the file is damaged: a row cannot be read
 └─ BrokenError               the ledger contradicts itself: run an audit
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


class LedgerError(Exception):
    """Root of the ledger's errors; they can be sent to another process, whatever made them."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _made_again, (type(self), self.args), self.__dict__


def _made_again(kind: type[LedgerError], words: tuple[Any, ...]) -> LedgerError:
    return kind.__new__(kind, *words)


class LedgerMissingError(LedgerError):
    """There is nothing at the path.

    Attributes:
        path: where a ledger was expected.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(f"no ledger at {path}")
        self.path = path


class LedgerExistsError(LedgerError):
    """A new ledger was asked for where there is one already.

    Attributes:
        path: the ledger that is there.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(f"there is a ledger at {path} already")
        self.path = path


class NotALedgerError(LedgerError):
    """There is something at the path, but it is no ledger.

    Attributes:
        path: what was opened.
        detail: what it is instead, as far as can be told.
    """

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"{path} is not a ledger: {detail}")
        self.path = path
        self.detail = detail


class LedgerBusyError(LedgerError):
    """Another writer held the ledger for longer than we wait.

    Attributes:
        path: the ledger.
        waited: seconds.
    """

    def __init__(self, path: Path, waited: float) -> None:
        super().__init__(f"{path} was locked by another writer for {waited:g} seconds")
        self.path = path
        self.waited = waited


class LedgerUnwritableError(LedgerError):
    """The medium refused a write. What was sealed before is whole.

    Attributes:
        path: the ledger.
        detail: what the database or the system said.
    """

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"cannot write {path}: {detail}")
        self.path = path
        self.detail = detail


class LedgerFullError(LedgerUnwritableError):
    """No room is left where the ledger lies."""


class LedgerReadOnlyError(LedgerUnwritableError):
    """The ledger's file or its directory may only be read."""


class NotRedactableError(LedgerError):
    """An entry's payload cannot be erased. Nothing was changed.

    Attributes:
        index: the entry.
        detail: why not.
    """

    def __init__(self, index: int, detail: str) -> None:
        super().__init__(f"entry {index} cannot be redacted: {detail}")
        self.index = index
        self.detail = detail


class ResidueError(LedgerError):
    """A payload is erased, and that is sealed; but bytes of it may be left in unused pages.

    Attributes:
        path: the ledger.
        detail: what kept the file from being written anew.
    """

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"unused pages of {path} could not be cleared: {detail}")
        self.path = path
        self.detail = detail


class MalformedError(LedgerError):
    """Bytes or values that are not in the one accepted spelling.

    Attributes:
        detail: which rule they break.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class ProofError(LedgerError):
    """A proof or a signature that does not show what it should.

    Attributes:
        detail: where it fails.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class UncheckedError(LedgerError):
    """A signature that cannot be checked on this machine; it may hold or not.

    Attributes:
        detail: what is missing.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class ForkError(LedgerError):
    """A ledger that does not extend what it, or the key that signs it, once said it was.

    Attributes:
        size: entries at which the two part.
        detail: what does not fit what.
    """

    def __init__(self, size: int, detail: str) -> None:
        super().__init__(f"at {size} entries: {detail}")
        self.size = size
        self.detail = detail


class KeyFileError(LedgerError):
    """The file of a signing key cannot be used.

    Attributes:
        path: where it is, or ought to be.
        detail: why not.
    """

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail


class WrongKeyError(LedgerError):
    """A key that is not the one with which this ledger signs.

    Attributes:
        path: its file.
        given: the public key that goes with it.
        wanted: the one that the ledger names; None where it names none yet.
    """

    def __init__(self, path: Path, given: str, wanted: str | None) -> None:
        super().__init__(f"{path} holds {given}, not {wanted or 'a key that the ledger names'}")
        self.path = path
        self.given = given
        self.wanted = wanted


class KeyTakenError(LedgerError):
    """A first key was asked for where there is one already.

    Attributes:
        key: the public key in force.
    """

    def __init__(self, key: str) -> None:
        super().__init__(f"the ledger signs with {key} already")
        self.key = key


class NoKeyError(LedgerError):
    """A key was to be replaced, and there is none.

    Attributes:
        path: where its file was looked for.
        key: the public key in force; None where there is none either.
    """

    def __init__(self, path: Path, key: str | None) -> None:
        super().__init__(f"no key at {path} to replace")
        self.path = path
        self.key = key


class UnreadableError(LedgerError):
    """The file is damaged: a row cannot be read.

    Attributes:
        path: the ledger.
        detail: what the database said.
    """

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"cannot read {path}: {detail}")
        self.path = path
        self.detail = detail


class BrokenError(LedgerError):
    """The ledger contradicts itself where it was just read; an audit says where it begins.

    Attributes:
        index: the entry at which it shows, None where the schema is concerned.
        kind: `payload`, `link`, `gap`, `order`, `root`, `truncated` or `schema`, as in an audit.
        detail: what contradicts what.
    """

    def __init__(self, index: int | None, kind: str, detail: str) -> None:
        where = "schema" if index is None else f"entry {index}"
        super().__init__(f"broken at {where} ({kind}): {detail}")
        self.index = index
        self.kind = kind
        self.detail = detail
