"""Folding: full tiles of leaves to their roots, many at once: an inner loop of the ledger. Pure.

The same as `merkle.fold` for each tile. Of several tiles a whole level is laid out in one array and
cut at once, so that Python does nothing for a node but hash it.
"""

from __future__ import annotations

from struct import unpack

import numpy as np

from ledger.hashing import DIGEST_BYTES, NODE_PREFIX, hasher
from ledger.merkle import TILE_HEIGHT, TILE_WIDTH

_INPUT_BYTES = len(NODE_PREFIX) + 2 * DIGEST_BYTES


def full_tiles(first: int, leaves: bytes) -> dict[int, bytes]:
    """Return the roots of the full tiles of leaves that lie in a run, by their numbers.

    Args:
        first: index of the run's first entry.
        leaves: of its entries, end to end.
    """
    skipped = -first % TILE_WIDTH
    count = max(len(leaves) // DIGEST_BYTES - skipped, 0) // TILE_WIDTH
    nodes = leaves[skipped * DIGEST_BYTES :][: count * TILE_WIDTH * DIGEST_BYTES]
    for _ in range(TILE_HEIGHT if count else 0):
        nodes = _above(nodes)
    roots = unpack(f"{DIGEST_BYTES}s" * count, nodes)
    return dict(enumerate(roots, (first + skipped) // TILE_WIDTH))


def _above(nodes: bytes) -> bytes:
    """Hash neighbours into their parents."""
    pairs = np.frombuffer(nodes, np.uint8).reshape(-1, 2 * DIGEST_BYTES)
    inputs = np.empty((len(pairs), _INPUT_BYTES), np.uint8)
    inputs[:, 0] = NODE_PREFIX[0]
    inputs[:, 1:] = pairs
    new = hasher
    cut = unpack(f"{_INPUT_BYTES}s" * len(pairs), inputs.tobytes())
    return b"".join([new(each).digest() for each in cut])
