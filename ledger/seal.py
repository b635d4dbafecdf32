"""Seal: the digest of something derived from a ledger, so that it can be shown later what was said.

What is derived is a set of rows. They are sorted by their bytes and become the leaves of a tree of
their own (RFC 6962), whose root is sealed: one row can be shown without the others. What a row says
is the caller's affair. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.errors import MalformedError
from ledger.hashing import DIGEST_BYTES, Digest, leaf_hash
from ledger.merkle import Frontier, prove_inclusion, verify_inclusion
from ledger.spelling import Json, read_base64, read_json, spell_base64, spell_json

_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The payload of an entry of kind SEAL.

    Attributes:
        projection: what was derived.
        code: which program derived it.
        size: from how many entries.
        question: what else the derivation depends on; opaque here.
        rows: how many there are.
        root: of the tree over them.
    """

    projection: str
    code: str
    size: int
    question: Mapping[str, Json]
    rows: int
    root: Digest

    def encode(self) -> bytes:
        """Spell it as JSON."""
        return spell_json(
            {
                "seal": _VERSION,
                "projection": self.projection,
                "code": self.code,
                "size": self.size,
                "question": self.question,
                "rows": self.rows,
                "root": self.root.hex(),
            }
        )

    @classmethod
    def decode(cls, payload: bytes) -> Seal:
        """Read it back, accepting only what `encode` would have written.

        Raises:
            MalformedError: *payload* is anything else.
        """
        match read_json(payload):
            case {
                "projection": str(projection),
                "code": str(code),
                "size": int(size),
                "question": dict(question),
                "rows": int(rows),
                "root": str(root),
            }:
                pass
            case _:
                raise MalformedError("not the seal of a projection")
        try:
            digest = Digest(bytes.fromhex(root))
        except ValueError as error:
            raise MalformedError(f"no root: {error}") from error
        seal = cls(
            projection=projection,
            code=code,
            size=size,
            question=question,
            rows=rows,
            root=digest,
        )
        is_numbered = bool not in {type(size), type(rows)} and min(size, rows) >= 0
        if seal.encode() != payload or len(digest) != DIGEST_BYTES or not is_numbered:
            raise MalformedError("not the canonical spelling of a seal")
        return seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row, and the path from it to the root over all of them.

    Attributes:
        row: its bytes.
        index: its place among the sorted rows.
        hashes: from its sibling to the root's child.
    """

    row: bytes
    index: int
    hashes: tuple[Digest, ...]

    def document(self) -> Mapping[str, Json]:
        """Return it as it travels in a proof."""
        return {
            "row": spell_base64(self.row),
            "index": self.index,
            "hashes": [spell_base64(node) for node in self.hashes],
        }

    @classmethod
    def of(cls, document: Json) -> Row:
        """Read it back.

        Raises:
            MalformedError: *document* is anything but what `document` would have returned.
        """
        match document:
            case {"row": str(row), "index": int(index), "hashes": list(hashes)}:
                nodes = tuple(Digest(read_base64(str(node))) for node in hashes)
                found = cls(row=read_base64(row), index=index, hashes=nodes)
            case _:
                raise MalformedError("not a row of a sealed projection")
        if found.document() != document or isinstance(index, bool):
            raise MalformedError("not the canonical spelling of a row")
        return found

    def check(self, seal: Seal) -> None:
        """Check that it is a row of what was sealed.

        Returns nothing: it is, or an error says that it is not.

        Raises:
            ProofError: it is not.
        """
        leaf = leaf_hash(self.row)
        verify_inclusion(self.index, seal.rows, leaf, proof=self.hashes, root_hash=seal.root)


def seal_of(
    rows: Iterable[bytes], *, projection: str, code: str, size: int, question: Mapping[str, Json]
) -> Seal:
    """Make the seal of rows, in whatever order they come."""
    leaves = [leaf_hash(row) for row in sorted(rows)]
    tree = Frontier()
    tree.extend(leaves)
    return Seal(
        projection=projection,
        code=code,
        size=size,
        question=question,
        rows=len(leaves),
        root=tree.root(),
    )


def prove_row(rows: Sequence[bytes], row: bytes) -> Row:
    """Prove that a row is among rows.

    Raises:
        ValueError: it is not.
    """
    ordered = sorted(rows)
    index = bisect_left(ordered, row)
    if ordered[index : index + 1] != [row]:
        raise ValueError("there is no such row")
    leaves = [leaf_hash(one) for one in ordered]
    tiles = {(tile.level, tile.n): tile.nodes for tile in Frontier().extend(leaves)}
    hashes = prove_inclusion(index, len(ordered), lambda level, n: tiles.get((level, n), b""))
    return Row(row=row, index=index, hashes=hashes)
