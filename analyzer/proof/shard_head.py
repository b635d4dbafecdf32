"""Head: what a fleet seals of a shard: its name and how far it had come, as its checkpoint says.

    klshard
    111122223333/eu-central-1
    keyledger/837440f4-5392-48c5-b290-efe3904741f8
    280
    OEGOiVQBGT8uyfn44g1vOumlv636DiWsPA4+C4T423g=

The last three lines are the text of an unsigned checkpoint (C2SP tlog-checkpoint). Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ledger.checkpoint import Checkpoint, check_origin
from ledger.errors import MalformedError

_FIRST_LINE: Final = "klshard\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardHead:
    """The payload of an entry of kind SEAL in a fleet's own ledger.

    Attributes:
        name: of the shard: its path below the fleet's folder, without `.db`.
        checkpoint: of the shard's ledger, unsigned.
    """

    name: str
    checkpoint: Checkpoint

    def encode(self) -> bytes:
        """Spell it; raises MalformedError where the name cannot be printed in one line."""
        check_origin(self.name)
        return f"{_FIRST_LINE}{self.name}\n{self.checkpoint.text}".encode()

    @classmethod
    def decode(cls, payload: bytes) -> ShardHead:
        """Read it back, accepting only what `encode` would have written.

        Raises:
            MalformedError: *payload* is anything else.
        """
        try:
            text = payload.decode()
        except UnicodeDecodeError as error:
            raise MalformedError("the head of a shard is text") from error
        if not text.startswith(_FIRST_LINE):
            raise MalformedError("the head of a shard begins with klshard")
        name, _, rest = text.removeprefix(_FIRST_LINE).partition("\n")
        head = cls(name=name, checkpoint=Checkpoint.parse(rest))
        if head.encode() != payload:
            raise MalformedError("not the canonical spelling of the head of a shard")
        return head
