"""Full tiles folded at once have the roots that each of them has."""

import random

import pytest

from ledger.folding import full_tiles
from ledger.merkle import TILE_WIDTH, fold


@pytest.mark.parametrize("first", [0, 1, 255, 256, 300])
@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 511, 512, 1000])
def test_roots_are_those_of_each_tile(first: int, count: int) -> None:
    draw = random.Random(first + count)
    leaves = [draw.randbytes(32) for _ in range(count)]
    tiles = range(-(-first // TILE_WIDTH), (first + count) // TILE_WIDTH)
    assert full_tiles(first, b"".join(leaves)) == {
        n: fold(leaves[n * TILE_WIDTH - first : (n + 1) * TILE_WIDTH - first]) for n in tiles
    }
