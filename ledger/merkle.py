"""The tree of RFC 6962 over stored tiles, and its proofs.

Tiles are those of C2SP tlog-tiles: a tile holds up to 256 hashes, level 0 the leaves, and hash *i*
of level *l* is the root of the full subtree over the leaves [i·256^l, (i+1)·256^l). What lies
between two levels is hashed again when it is asked for. Pure: tiles come from a function.

The verifiers take the shape of a proof from index and size alone, never from the prover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from struct import unpack_from
from types import MappingProxyType
from typing import Final

from ledger.errors import MalformedError, ProofError
from ledger.hashing import DIGEST_BYTES, EMPTY_ROOT, NODE_PREFIX, Digest, hasher, node_hash

TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT
TILE_BYTES: Final = TILE_WIDTH * DIGEST_BYTES

NOTHING: Final[Mapping[int, bytes]] = MappingProxyType({})

ReadTile = Callable[[int, int], bytes]
"""(level, n) to the tile's hashes in a row; empty where there is no such tile."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile and what it holds.

    Attributes:
        level: 0 for leaves.
        n: which tile of its level, from 0.
        nodes: up to 256 hashes in a row.
    """

    level: int
    n: int
    nodes: bytes


class Frontier:
    """The right edge of a growing tree: per level the hashes of the tile that is not full yet."""

    def __init__(self, size: int = 0, levels: Sequence[Sequence[bytes]] = ()) -> None:
        self.size = size
        self._levels: list[list[bytes]] = [list(level) for level in levels] or [[]]

    @classmethod
    def load(cls, size: int, read_tile: ReadTile) -> Frontier:
        """Read the edge of a stored tree.

        Raises:
            MalformedError: a tile on the edge has not the hashes that a tree of this size has.
        """
        levels: list[list[bytes]] = []
        above = size
        while above or not levels:
            n, count = divmod(above, TILE_WIDTH)
            nodes = read_tile(len(levels), n) if count else b""
            if len(nodes) != count * DIGEST_BYTES:
                raise MalformedError(
                    f"tile {n} of level {len(levels)} has {len(nodes)} bytes in a tree of {size}"
                )
            levels.append(split(nodes))
            above = n
        return cls(size, levels)

    def extend(
        self, leaves: Sequence[bytes], folded: Mapping[int, bytes] = NOTHING
    ) -> tuple[Tile, ...]:
        """Add leaves, and return every tile that changed, each once.

        Args:
            leaves: in their order.
            folded: roots of tiles of leaves that are full now and were worked out elsewhere, by
                their numbers.
        """
        at = self.size
        self.size += len(leaves)
        return tuple(self._push(0, at, leaves, folded))

    def _push(
        self, level: int, at: int, hashes: Sequence[bytes], folded: Mapping[int, bytes] = NOTHING
    ) -> Iterator[Tile]:
        if level == len(self._levels):
            self._levels.append([])
        open_tile = self._levels[level]
        taken = 0
        full: list[bytes] = []
        while taken < len(hashes):
            room = TILE_WIDTH - len(open_tile)
            open_tile += hashes[taken : taken + room]
            n = (at + taken) // TILE_WIDTH
            taken += room
            yield Tile(level, n, b"".join(open_tile))
            if len(open_tile) == TILE_WIDTH:
                full.append(folded.get(n) or fold(open_tile))
                open_tile.clear()
        if full:
            end = (at + len(hashes)) // TILE_WIDTH
            yield from self._push(level + 1, end - len(full), full)

    def edge(self) -> tuple[Tile, ...]:
        """The tiles that are begun and not full yet, lowest level first."""
        return tuple(
            Tile(level, (self.size >> level * TILE_HEIGHT) // TILE_WIDTH, b"".join(hashes))
            for level, hashes in enumerate(self._levels)
            if hashes
        )

    def root(self) -> Digest:
        """The root over everything added so far."""
        ragged: list[bytes] = []
        for level in self._levels:
            here = [*level, *ragged]
            ragged = [fold(here)] if here else []
        return Digest(ragged[0]) if ragged else EMPTY_ROOT


def split(nodes: bytes) -> list[bytes]:
    """Cut a row of hashes into hashes; what a damaged row has too much is the last of them."""
    count, rest = divmod(len(nodes), DIGEST_BYTES)
    found = list(unpack_from(f"{DIGEST_BYTES}s" * count, nodes))
    return [*found, nodes[-rest:]] if rest else found


def fold(hashes: Sequence[bytes]) -> bytes:
    """Hash subtrees of equal height into one root; the last may be ragged.

    Args:
        hashes: at least one.
    """
    new, prefix = hasher, NODE_PREFIX
    while len(hashes) > 1:
        above = [
            new(prefix + left + right).digest()
            for left, right in zip(hashes[::2], hashes[1::2], strict=False)
        ]
        if len(hashes) & 1:  # a node without a sibling moves up as it is
            above.append(hashes[-1])
        hashes = above
    return hashes[0]


def root(size: int, read_tile: ReadTile) -> Digest:
    """The root of the first *size* leaves.

    Raises:
        MalformedError: a tile lacks hashes that a tree of this size has.
    """
    return subtree(0, size, read_tile) if size else EMPTY_ROOT


def subtree(start: int, end: int, read_tile: ReadTile) -> Digest:
    """The root over leaves [start, end); *start* is a multiple of a power of two >= the width.

    Raises:
        MalformedError: a tile lacks a hash that is needed.
    """
    width = end - start
    height = width.bit_length() - 1
    if width != 1 << height:
        middle = start + (1 << height)
        return node_hash(subtree(start, middle, read_tile), subtree(middle, end, read_tile))
    level, within = divmod(height, TILE_HEIGHT)
    n, first = divmod(start >> (level * TILE_HEIGHT), TILE_WIDTH)
    wanted = read_tile(level, n)[first * DIGEST_BYTES : (first + (1 << within)) * DIGEST_BYTES]
    if len(wanted) != DIGEST_BYTES << within:
        raise MalformedError(f"tile {n} of level {level} lacks hashes from place {first}")
    return Digest(fold(split(wanted)))


def prove_inclusion(index: int, size: int, read_tile: ReadTile) -> tuple[Digest, ...]:
    """Prove that leaf *index* is in the tree of *size* leaves (RFC 6962, 2.1.1).

    Raises:
        ValueError: there is no such leaf in such a tree.
        MalformedError: a tile lacks a hash that is needed.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[Digest] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _left_width(end - start)
        if index < middle:
            path.append(subtree(middle, end, read_tile))
            end = middle
        else:
            path.append(subtree(start, middle, read_tile))
            start = middle
    return tuple(reversed(path))


def prove_consistency(old: int, new: int, read_tile: ReadTile) -> tuple[Digest, ...]:
    """Prove that the tree of *new* leaves extends that of *old* leaves (RFC 6962, 2.1.2).

    Raises:
        ValueError: *old* is larger than *new*, or negative.
        MalformedError: a tile lacks a hash that is needed.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves cannot extend one of {old}")
    if old in {0, new}:
        return ()
    path: list[Digest] = []
    start, end = 0, new
    while old != end:
        middle = start + _left_width(end - start)
        if old <= middle:
            path.append(subtree(middle, end, read_tile))
            end = middle
        else:
            path.append(subtree(start, middle, read_tile))
            start = middle
    if start:  # else the old root itself is the node, and the verifier has it
        path.append(subtree(start, end, read_tile))
    return tuple(reversed(path))


def verify_inclusion(
    index: int, size: int, leaf: bytes, *, proof: Sequence[bytes], root_hash: bytes
) -> None:
    """Check that *leaf* is leaf *index* of the tree of *size* leaves with this root.

    Returns nothing: a proof holds, or an error says that it does not.

    Raises:
        ProofError: the proof does not show it.
    """
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}")
    inner = (index ^ (size - 1)).bit_length()  # levels at which a sibling on the right may exist
    border = (index >> inner).bit_count()  # above them every sibling is a full subtree to the left
    _check_shape(proof, inner + border)
    node = Digest(leaf)
    for height, sibling in enumerate(proof[:inner]):
        node = node_hash(sibling, node) if index >> height & 1 else node_hash(node, sibling)
    for sibling in proof[inner:]:
        node = node_hash(sibling, node)
    if node != root_hash:
        raise ProofError("the proof leads to another root")


def verify_consistency(
    old: int, new: int, *, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree of *new* leaves begins with the tree of *old* leaves.

    Returns nothing: a proof holds, or an error says that it does not. Every tree extends the
    empty one.

    Raises:
        ProofError: the proof does not show it.
    """
    if not 0 <= old <= new:
        raise ProofError(f"a tree of {new} leaves cannot extend one of {old}")
    if old in {0, new}:
        _check_shape(proof, 0)
        if old_root != (new_root if old else EMPTY_ROOT):
            raise ProofError("trees of one size have different roots")
        return
    # The walk is that of an inclusion proof of the old tree's last leaf, begun at the largest
    # full subtree that ends with it.
    shift = (old & -old).bit_length() - 1
    inner = ((old - 1) ^ (new - 1)).bit_length() - shift
    border = ((old - 1) >> (shift + inner)).bit_count()
    seeded = old != 1 << shift  # a power of two is its own subtree: the old root is the seed
    _check_shape(proof, inner + border + seeded)
    before = after = Digest(proof[0] if seeded else old_root)
    mask = (old - 1) >> shift
    for height, sibling in enumerate(proof[seeded:]):
        if height >= inner or mask >> height & 1:
            before = node_hash(sibling, before)
            after = node_hash(sibling, after)
        else:
            after = node_hash(after, sibling)
    if before != old_root:
        raise ProofError("the proof leads to another old root")
    if after != new_root:
        raise ProofError("the proof leads to another new root")


def _left_width(width: int) -> int:
    """The largest power of two below *width*, which is at least 2."""
    return 1 << ((width - 1).bit_length() - 1)


def _check_shape(proof: Sequence[bytes], length: int) -> None:
    if len(proof) != length:
        raise ProofError(f"this proof takes {length} hashes, not {len(proof)}")
    if any(len(node) != DIGEST_BYTES for node in proof):
        raise ProofError(f"a hash of a proof has {DIGEST_BYTES} bytes")
