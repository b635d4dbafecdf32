"""The tree of RFC 6962, section 2.1, as it recurses."""

from __future__ import annotations

from hashlib import sha256


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _split(count: int) -> int:
    half = 1
    while half * 2 < count:
        half *= 2
    return half


def root_of(entries: list[bytes]) -> bytes:
    """MTH(D[n])."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = _split(len(entries))
    return _node(root_of(entries[:k]), root_of(entries[k:]))


def path_of(index: int, entries: list[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(entries) == 1:
        return []
    k = _split(len(entries))
    if index < k:
        return [*path_of(index, entries[:k]), root_of(entries[k:])]
    return [*path_of(index - k, entries[k:]), root_of(entries[:k])]


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root to which a path leads, its shape taken from index and size alone."""
    if size == 1:
        assert not path
        return leaf
    k = _split(size)
    *below, last = path
    if index < k:
        return _node(root_from(leaf, index, k, below), last)
    return _node(last, root_from(leaf, index - k, size - k, below))
