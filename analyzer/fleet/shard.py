"""Shard: one ledger of a fleet, found in its folder, held against what the fleet sealed of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analyzer.errors import NoFleetError, ShardError
from analyzer.fleet.register import FILE, Register, SealedHead
from analyzer.lost import Lost, Trouble
from analyzer.volume import Volume
from ledger.checkpoint import Checkpoint
from ledger.errors import BrokenError, ForkError, LedgerError, LedgerMissingError
from ledger.proving import require_extends
from ledger.store import Ledger

_SUFFIX: Final = ".db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Where a shard lies, and what is sealed of it.

    Attributes:
        number: from 1.
        name: its path below the folder, without `.db`.
        path: of its file, there or not.
        heads: what the fleet sealed of it, oldest first.
        doubt: what an audit of it found before; None where nothing was found, or none was made.
    """

    number: int
    name: str
    path: Path
    heads: Sequence[SealedHead]
    doubt: str | None = None

    @property
    def sealed(self) -> Checkpoint | None:
        """The newest checkpoint of it that the fleet sealed; None where it sealed none."""
        return self.heads[-1].head.checkpoint if self.heads else None

    def lost(self, error: Exception) -> Lost:
        """Return what is to be said of it where it cannot be taken into account."""
        match error:
            case LedgerMissingError():
                trouble, detail = Trouble.MISSING, f"there is no file {self.name}{_SUFFIX}"
            case ForkError(size=0):
                trouble, detail = Trouble.REWRITTEN, "it is not the ledger that the fleet sealed"
            case ForkError():
                trouble, detail = Trouble.REWRITTEN, f"at {error.size} entries {error.detail}"
            case BrokenError():
                trouble, detail = Trouble.BROKEN, str(error)
            case _:
                trouble, detail = Trouble.UNREADABLE, str(error)
        return self._lost(trouble, detail)

    def _lost(self, trouble: Trouble, detail: str) -> Lost:
        return Lost(number=self.number, name=self.name, trouble=trouble, detail=detail)

    def open(self, *, reads: bool = True) -> Volume | Lost:
        """Open it, read what bears on verdicts, and hold it against what the fleet sealed.

        Args:
            reads: whether it is read; else damage is found by whoever reads it.
        """
        if self.doubt is not None:
            return self._lost(Trouble.BROKEN, self.doubt)
        if not self.name.isprintable():
            return self._lost(Trouble.UNREADABLE, "its name is no line of printable text")
        try:
            ledger = Ledger.open(self.path, readonly=True)
        except LedgerError as error:
            return self.lost(error)
        volume = Volume(ledger, shard=self.number, name=self.name)
        try:
            if self.sealed is not None:
                require_extends(ledger, self.sealed)
            if reads:
                volume.catch_up()
        except ShardError as error:
            ledger.close()
            return self.lost(error.error)
        except LedgerError as error:
            ledger.close()
            return self.lost(error)
        return volume


def shards_of(
    folder: Path, register: Register | None, doubts: Mapping[str, str]
) -> tuple[Shard, ...]:
    """Return the shards of a folder: those that the fleet knows, then the others by their names.

    Args:
        folder: of the fleet.
        register: its own ledger; None where it has none.
        doubts: by name, what audits of shards found before.

    Raises:
        NoFleetError: there is no such folder, or no shard in it.
    """
    if not folder.is_dir():
        raise NoFleetError(str(folder), "it is no folder" if folder.exists() else "it is not there")
    known = () if register is None else register.names()
    new = sorted(set(_names(folder)) - set(known))
    found = tuple(_numbered(folder, register, (*known, *new), doubts))
    if not found:
        raise NoFleetError(str(folder), "no ledger (*.db) lies in it")
    return found


def _numbered(
    folder: Path, register: Register | None, names: Iterable[str], doubts: Mapping[str, str]
) -> Iterator[Shard]:
    for number, name in enumerate(names, start=1):
        yield Shard(
            number=number,
            name=name,
            path=folder / f"{name}{_SUFFIX}",
            heads=() if register is None else register.heads(name),
            doubt=doubts.get(name),
        )


def _names(folder: Path) -> Iterator[str]:
    """Yield the names of the ledgers below a folder; what is hidden is none of them."""
    for path in folder.rglob(f"*{_SUFFIX}"):
        name = path.relative_to(folder).as_posix()
        if name != FILE and not any(part.startswith(".") for part in name.split("/")):
            yield name.removesuffix(_SUFFIX)
