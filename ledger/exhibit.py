"""Exhibit: one entry as it is shown to somebody who has no ledger: header, payload, provenance.

It travels as the extra data of a proof. The proof speaks of the header, the header of the payload;
nothing speaks of the provenance but whoever wrote it down, until its steps are checked themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ledger.entry import Header
from ledger.errors import MalformedError, ProofError
from ledger.hashing import sha256
from ledger.seal import Row
from ledger.spelling import Json, read_base64, read_json, spell_base64, spell_json

_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """What is shown of an entry.

    Attributes:
        header: what is hashed of it.
        payload: its bytes, verbatim; None where they were erased.
        provenance: where the source came from, a step each, outermost first; opaque here.
        row: one row of what the entry seals, if it is a seal and one is shown.
    """

    header: Header
    payload: bytes | None
    provenance: tuple[Mapping[str, Json], ...] = ()
    row: Row | None = None

    def encode(self) -> bytes:
        """Spell it as JSON.

        Raises:
            MalformedError: provenance holds what the ledger's JSON cannot.
        """
        return spell_json(
            {
                "exhibit": _VERSION,
                "header": spell_base64(self.header.encode()),
                "payload": None if self.payload is None else spell_base64(self.payload),
                "provenance": list(self.provenance),
                "row": None if self.row is None else self.row.document(),
            }
        )

    @classmethod
    def decode(cls, data: bytes) -> Exhibit:
        """Read it back, accepting only what `encode` would have written.

        Raises:
            MalformedError: *data* is anything else.
        """
        match read_json(data):
            case {
                "exhibit": 1 as version,
                "header": str(header),
                "payload": None | str() as payload,
                "provenance": list(steps),
                "row": row,
                **others,
            } if not others and version is not True:
                pass
            case _:
                raise MalformedError("not an exhibit of version 1")
        provenance = tuple(step for step in steps if isinstance(step, dict))
        if len(provenance) != len(steps):
            raise MalformedError("a step of provenance is an object")
        return cls(
            header=Header.decode(read_base64(header)),
            payload=None if payload is None else read_base64(payload),
            provenance=provenance,
            row=None if row is None else Row.of(row),
        )

    def check_payload(self) -> None:
        """Check that the payload is the header's. Returns nothing: it is, or an error says not.

        Raises:
            ProofError: it is not, or was erased.
        """
        if self.payload is None:
            raise ProofError("the payload was erased")
        if len(self.payload) != self.header.length or sha256(self.payload) != self.header.payload:
            raise ProofError("the payload does not hash to what the header says")
