"""Fleet: many ledgers, one truth: every question of `Inquiry`, asked of all shards as of one.

A shard that is missing, damaged, or not what the fleet sealed of it is left out and said to be
lost; the others answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Self, TypeVar

from analyzer.answers.shape import Document
from analyzer.archive import Archive
from analyzer.digests.keys import PublicKeys
from analyzer.errors import NoFleetError, ShardError
from analyzer.fleet import placing
from analyzer.fleet.keeping import FleetKeeping
from analyzer.fleet.proving import fleet_proof_of
from analyzer.fleet.register import FILE, Register
from analyzer.fleet.sealing import seal_fleet
from analyzer.fleet.shard import Shard, shards_of
from analyzer.inquiry import Inquiry
from analyzer.lost import Lost
from analyzer.moment import Moment
from analyzer.proof.signing import change_key, key_file_of, start_signing
from analyzer.volume import Volume
from ledger.hashing import sha256
from ledger.store import Ledger

T = TypeVar("T")

NO_DOUBTS: Final[Mapping[str, str]] = {}


class Fleet(Inquiry):
    """An open fleet and what was read from its shards so far."""

    custody: FleetKeeping

    def __init__(
        self,
        folder: Path,
        register: Register | None,
        doubts: Mapping[str, str] = NO_DOUBTS,
        *,
        reads: bool = True,
    ) -> None:
        """Open the shards.

        Args:
            folder: of the fleet.
            register: its own ledger; None where no checkpoint of it was ever made.
            doubts: by name, what audits of shards found before; such a shard is broken.
            reads: whether the shards are read now; else when somebody asks.

        Raises:
            NoFleetError: there is no such folder, or no shard in it.
        """
        self.folder = folder
        self.register = register
        self.shards: tuple[Shard, ...] = shards_of(folder, register, doubts)
        opened = [shard.open(reads=reads) for shard in self.shards]
        super().__init__(
            self._archive(
                tuple(one for one in opened if isinstance(one, Volume)),
                tuple(one for one in opened if isinstance(one, Lost)),
            )
        )
        self.custody = self._keeping()

    @classmethod
    def open(
        cls, folder: Path, doubts: Mapping[str, str] = NO_DOUBTS, *, reads: bool = True
    ) -> Self:
        """Open the fleet in a folder; arguments as for `Fleet`.

        Raises:
            NoFleetError: there is no such folder, or no shard in it.
            LedgerError: its own ledger cannot be read; an audit of `fleet.db` says where.
        """
        return cls(folder, Register.open(folder), doubts, reads=reads)

    @classmethod
    def found(cls, folder: Path, now: Moment, chance: bytes) -> Self:
        """Open the fleet in a folder, and make its own ledger where it has none.

        Args:
            folder: of the fleet.
            now: the present.
            chance: 16 random bytes, for an origin that no other fleet has.

        Raises:
            NoFleetError: there is no such folder, or no shard in it; nothing is made.
            LedgerError: its own ledger cannot be read or written.
        """
        register = Register.open(folder)
        shards_of(folder, register, NO_DOUBTS)
        return cls(folder, register or Register.create(folder, now, chance))

    @property
    def lost(self) -> tuple[Lost, ...]:
        """The shards that cannot be taken into account."""
        return self.archive.lost

    def close(self) -> None:
        """Close every ledger, the fleet's own included."""
        super().close()
        if self.register is not None:
            self.register.ledger.close()

    def ask(self, question: Callable[[Inquiry], T]) -> T:
        """Ask; where a shard turns out to be damaged on the way, ask again without it."""
        while True:
            try:
                return question(self)
            except ShardError as error:
                self._lose(error)

    def placed(self, document: Document) -> Document:
        """Return a document with the name of the shard beside each entry."""
        return placing.placed(document, {shard.number: shard.name for shard in self.shards})

    def told(self, document: Document) -> Document:
        """Return an answer with the name of the shard beside each entry, and what is lost."""
        return {**self.placed(document), "fleet": self.custody.roll()}

    def start_signing(self, key_file: Path | None, now: Moment, chance: bytes) -> None:
        """Give the fleet its first key; see `analyzer.proof.signing.start_signing`."""
        own = self._own()
        start_signing(own, key_file_of(own, key_file), now, chance)

    def change_key(
        self, key_file: Path | None, now: Moment, chance: bytes, *, is_lost: bool
    ) -> None:
        """Replace the key that signs; see `analyzer.proof.signing.change_key`."""
        own = self._own()
        change_key(own, key_file_of(own, key_file), now, chance, is_lost=is_lost)

    def checkpoint(self, key_file: Path | None, witness: Path | None, now: Moment) -> Document:
        """Seal the heads of all shards; see `analyzer.fleet.sealing.seal_fleet`."""
        register = self._registered()
        sealed = self.ask(lambda _: seal_fleet(register, self.archive, key_file, witness, now))
        return {**sealed, "fleet": self.custody.roll()}

    def prove(self, event: str, keys: PublicKeys | None = None) -> Document:
        """Prove an entry; see `analyzer.fleet.proving.fleet_proof_of`."""
        return self.ask(
            lambda _: fleet_proof_of(self.register, self.archive, self.shards, event, keys)
        )

    def _own(self) -> Ledger:
        return self._registered().ledger

    def _registered(self) -> Register:
        if self.register is None:
            raise NoFleetError(str(self.folder), "no checkpoint of it was ever made")
        return self.register

    def _lose(self, error: ShardError) -> None:
        shard = self.shards[error.shard - 1]
        gone = [one for one in self.archive.volumes if one.shard == error.shard]
        kept = tuple(one for one in self.archive.volumes if one.shard != error.shard)
        for volume in gone:
            with suppress(Exception):
                volume.ledger.close()
        lost = sorted((*self.lost, shard.lost(error.error)), key=lambda one: one.number)
        self._begin(self._archive(kept, tuple(lost)))
        self.custody = self._keeping()

    def _keeping(self) -> FleetKeeping:
        return FleetKeeping(self.archive, self.shards, self.register, self._knowledge)

    def _archive(self, volumes: tuple[Volume, ...], lost: tuple[Lost, ...]) -> Archive:
        if self.register is not None:
            origin = self.register.ledger.origin
        else:
            origin = f"keyledger-fleet-{sha256(str(self.folder.resolve()).encode()).hex()[:32]}"
        return Archive(volumes, path=self.folder / FILE, origin=origin, lost=lost)
