"""Two independent answers to one question: naive recursion from the RFC's text, and pymerkle."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree  # type: ignore[import-untyped]

from ledger.hashing import EMPTY_ROOT, Digest, leaf_hash, node_hash
from ledger.merkle import (
    Frontier,
    prove_consistency,
    prove_inclusion,
    root,
    verify_consistency,
    verify_inclusion,
)

SIZE = 600
ENTRIES = [str(i).encode() for i in range(SIZE)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
TILES: dict[tuple[int, int], bytes] = {}
for _tile in Frontier().extend(LEAVES):
    TILES[_tile.level, _tile.n] = _tile.nodes
AWKWARD = [1, 2, 3, 64, 255, 256, 257, 511, 512, 513, SIZE]


def read(level: int, n: int) -> bytes:
    return TILES.get((level, n), b"")


def split_at(width: int) -> int:
    power = 1
    while power * 2 < width:
        power *= 2
    return power


@cache
def naive_root(start: int, end: int) -> Digest:
    """MTH of RFC 6962, 2.1."""
    if start == end:
        return EMPTY_ROOT
    if end - start == 1:
        return LEAVES[start]
    middle = start + split_at(end - start)
    return node_hash(naive_root(start, middle), naive_root(middle, end))


def naive_path(index: int, start: int, end: int) -> list[Digest]:
    """PATH of RFC 6962, 2.1.1."""
    if end - start == 1:
        return []
    middle = start + split_at(end - start)
    if index < middle:
        return [*naive_path(index, start, middle), naive_root(middle, end)]
    return [*naive_path(index, middle, end), naive_root(start, middle)]


def naive_subproof(old: int, start: int, end: int, *, is_known: bool) -> list[Digest]:
    """SUBPROOF of RFC 6962, 2.1.2; `old` counts from the beginning of the tree."""
    if old == end:
        return [] if is_known else [naive_root(start, end)]
    middle = start + split_at(end - start)
    if old <= middle:
        rest = naive_subproof(old, start, middle, is_known=is_known)
        return [*rest, naive_root(middle, end)]
    return [*naive_subproof(old, middle, end, is_known=False), naive_root(start, middle)]


def check_inclusion(index: int, size: int) -> None:
    proof = prove_inclusion(index, size, read)
    assert list(proof) == naive_path(index, 0, size)
    verify_inclusion(index, size, LEAVES[index], proof=proof, root_hash=naive_root(0, size))


def check_consistency(old: int, new: int) -> None:
    proof = prove_consistency(old, new, read)
    assert list(proof) == (naive_subproof(old, 0, new, is_known=True) if old else [])
    roots = {"old_root": naive_root(0, old), "new_root": naive_root(0, new)}
    verify_consistency(old, new, proof=proof, **roots)


def test_the_root_of_every_size_is_that_of_the_recursion_and_of_pymerkle() -> None:
    other = InmemoryTree()
    growing = Frontier()
    for size in range(SIZE + 1):
        assert growing.root() == root(size, read) == naive_root(0, size)
        assert not size or growing.root() == other.get_root()
        if size < SIZE:
            growing.extend([LEAVES[size]])
            other.append_entry(ENTRIES[size])


def test_every_proof_of_small_trees_is_that_of_the_recursion() -> None:
    for size in range(1, 65):
        for index in range(size):
            check_inclusion(index, size)
        for old in range(size + 1):
            check_consistency(old, size)


def test_every_leaf_of_trees_around_the_width_of_a_tile_is_proved() -> None:
    for size in AWKWARD:
        for index in range(size):
            check_inclusion(index, size)


def test_inclusion_paths_are_those_of_pymerkle() -> None:
    other = InmemoryTree()
    for entry in ENTRIES:
        other.append_entry(entry)
    for size in AWKWARD:
        for index in {0, 1, size // 3, size // 2, size - 2, size - 1} & set(range(size)):
            leaf, *path = other.prove_inclusion(index + 1, size).path
            assert (leaf, tuple(path)) == (LEAVES[index], prove_inclusion(index, size, read))


@given(st.data())
def test_any_proof_of_a_larger_tree_is_that_of_the_recursion(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, SIZE))
    check_inclusion(data.draw(st.integers(0, size - 1)), size)
    check_consistency(data.draw(st.integers(0, size)), size)


@given(st.lists(st.integers(1, SIZE - 1), max_size=8))
def test_leaves_added_in_any_pieces_give_the_same_tiles(cuts: Sequence[int]) -> None:
    stored: dict[tuple[int, int], bytes] = {}

    def read_stored(level: int, n: int) -> bytes:
        return stored.get((level, n), b"")

    places = sorted({0, SIZE, *cuts})
    for start, stop in pairwise(places):
        # Loaded afresh for every piece, as every append does.
        for tile in Frontier.load(start, read_stored).extend(LEAVES[start:stop]):
            assert tile.nodes.startswith(read_stored(tile.level, tile.n))
            stored[tile.level, tile.n] = tile.nodes
    assert stored == TILES
