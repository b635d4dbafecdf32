from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import MalformedError, ProofError
from ledger.hashing import EMPTY_ROOT, leaf_hash, sha256
from ledger.merkle import (
    TILE_BYTES,
    Frontier,
    prove_consistency,
    prove_inclusion,
    root,
    subtree,
    verify_consistency,
    verify_inclusion,
)

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "rfc6962.json").read_text()
)
LEAVES = [leaf_hash(bytes.fromhex(leaf)) for leaf in VECTORS["leaf_inputs"]]
ROOTS = [bytes.fromhex(text) for text in VECTORS["roots"]]
MANY = [sha256(str(i).encode()) for i in range(600)]


def _read_nothing(_level: int, _n: int) -> bytes:
    return b""


class Stored:
    """Tiles of a tree, as a ledger would store them."""

    def __init__(self, leaves: list[Any]) -> None:
        self.tiles = {(tile.level, tile.n): tile.nodes for tile in Frontier().extend(leaves)}

    def read(self, level: int, n: int) -> bytes:
        return self.tiles.get((level, n), b"")


def test_published_roots() -> None:
    for size, expected in enumerate(ROOTS):
        frontier = Frontier()
        frontier.extend(LEAVES[:size])
        assert frontier.root() == expected
        assert root(size, Stored(LEAVES).read) == expected


@pytest.mark.parametrize("vector", VECTORS["inclusion"])
def test_published_inclusion_proofs(vector: dict[str, Any]) -> None:
    proof = tuple(b64decode(node) for node in vector["proof"])
    index, size = vector["index"], vector["size"]
    assert prove_inclusion(index, size, Stored(LEAVES).read) == proof
    assert b64decode(vector["leaf"]) == LEAVES[index]
    verify_inclusion(index, size, LEAVES[index], proof=proof, root_hash=b64decode(vector["root"]))


@pytest.mark.parametrize("vector", VECTORS["consistency"])
def test_published_consistency_proofs(vector: dict[str, Any]) -> None:
    proof = tuple(b64decode(node) for node in vector["proof"])
    old, new = vector["old"], vector["new"]
    assert prove_consistency(old, new, Stored(LEAVES).read) == proof
    verify_consistency(
        old,
        new,
        old_root=b64decode(vector["old_root"]),
        new_root=b64decode(vector["new_root"]),
        proof=proof,
    )


def test_an_inclusion_proof_shows_nothing_else() -> None:
    proof = list(prove_inclusion(5, 7, Stored(LEAVES).read))
    good: dict[str, Any] = {"proof": proof, "root_hash": ROOTS[7]}
    verify_inclusion(5, 7, LEAVES[5], **good)
    wrong: list[tuple[int, int, bytes, dict[str, Any]]] = [
        (4, 7, LEAVES[5], good),
        (5, 9, LEAVES[5], good),  # of 8 leaves it could be: only a checkpoint ties root to size
        (5, 6, LEAVES[5], good),
        (7, 7, LEAVES[5], good),
        (-1, 7, LEAVES[5], good),
        (5, 7, LEAVES[4], good),
        (5, 7, LEAVES[5], {**good, "root_hash": ROOTS[6]}),
        (5, 7, LEAVES[5], {**good, "proof": proof[:-1]}),
        (5, 7, LEAVES[5], {**good, "proof": [*proof, ROOTS[7]]}),
        (5, 7, LEAVES[5], {**good, "proof": [ROOTS[7], *proof]}),
        (5, 7, LEAVES[5], {**good, "proof": [*proof[:-1], proof[-1] + b"\0"]}),
        *(
            (5, 7, LEAVES[5], {**good, "proof": [*proof[:i], bytes(32), *proof[i + 1 :]]})
            for i in range(len(proof))
        ),
    ]
    for index, size, leaf, rest in wrong:
        with pytest.raises(ProofError):
            verify_inclusion(index, size, leaf, **rest)


def test_a_consistency_proof_shows_nothing_else() -> None:
    proof = list(prove_consistency(6, 7, Stored(LEAVES).read))
    good: dict[str, Any] = {"old_root": ROOTS[6], "new_root": ROOTS[7], "proof": proof}
    verify_consistency(6, 7, **good)
    wrong: list[tuple[int, int, dict[str, Any]]] = [
        (5, 7, good),
        (6, 9, good),
        (7, 6, good),
        (-1, 7, good),
        (7, 7, {**good, "proof": []}),
        (6, 7, {**good, "old_root": ROOTS[7], "new_root": ROOTS[6]}),
        (6, 7, {**good, "old_root": ROOTS[5]}),
        (6, 7, {**good, "new_root": ROOTS[8]}),
        (6, 7, {**good, "proof": proof[:-1]}),
        (6, 7, {**good, "proof": [*proof, ROOTS[7]]}),
        *(
            (6, 7, {**good, "proof": [*proof[:i], bytes(32), *proof[i + 1 :]]})
            for i in range(len(proof))
        ),
    ]
    for old, new, rest in wrong:
        with pytest.raises(ProofError):
            verify_consistency(old, new, **rest)


def test_every_tree_extends_the_empty_one_and_itself() -> None:
    verify_consistency(0, 5, old_root=EMPTY_ROOT, new_root=ROOTS[5], proof=[])
    verify_consistency(5, 5, old_root=ROOTS[5], new_root=ROOTS[5], proof=[])
    with pytest.raises(ProofError):
        verify_consistency(0, 5, old_root=ROOTS[1], new_root=ROOTS[5], proof=[])
    with pytest.raises(ProofError):
        verify_consistency(5, 5, old_root=ROOTS[5], new_root=ROOTS[5], proof=[ROOTS[5]])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_leaf_that_is_not_there_cannot_be_proved(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        prove_inclusion(index, size, _read_nothing)


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3)])
def test_a_tree_does_not_extend_a_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="cannot extend"):
        prove_consistency(old, new, _read_nothing)


def test_a_full_tile_moves_its_root_up_a_level() -> None:
    tiles = Stored(MANY).tiles
    assert sorted(tiles) == [(0, 0), (0, 1), (0, 2), (1, 0)]
    assert (len(tiles[0, 0]), len(tiles[0, 2])) == (TILE_BYTES, 88 * 32)
    assert tiles[1, 0] == b"".join(
        subtree(start, start + 256, Stored(MANY[: start + 256]).read) for start in (0, 256)
    )


def test_the_edge_is_what_is_begun_and_not_full() -> None:
    frontier = Frontier()
    frontier.extend(MANY)
    assert [(tile.level, tile.n, len(tile.nodes)) for tile in frontier.edge()] == [
        (0, 2, 88 * 32), (1, 0, 2 * 32),
    ]  # fmt: skip


def test_a_missing_or_cut_tile_is_refused_not_skipped() -> None:
    stored = Stored(MANY)
    stored.tiles[0, 2] = stored.tiles[0, 2][:-32]
    with pytest.raises(MalformedError):
        Frontier.load(600, stored.read)
    with pytest.raises(MalformedError):
        root(600, stored.read)
    del stored.tiles[1, 0]
    with pytest.raises(MalformedError):
        Frontier.load(600, stored.read)
