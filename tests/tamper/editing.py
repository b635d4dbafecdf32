"""How somebody with a bare connection edits what lies in a ledger."""

from __future__ import annotations

from typing import Any, Final

from ledger.segment import deflate, inflate

SIZE: Final = 1000
BATCH: Final = 100
"""Entries of the ledger that is tampered with, and of each of its segments."""

LIMIT: Final = 1 << 20


def set_node(conn: Any, level: int, place: int, node: bytes) -> None:
    """Put another hash in the place of one of a tile."""
    key = (level, place // 256)
    [(nodes,)] = conn.execute("SELECT nodes FROM tiles WHERE level = ? AND n = ?", key)
    at = place % 256 * 32
    edited = nodes[:at] + node + nodes[at + 32 :]
    conn.execute("UPDATE tiles SET nodes = ? WHERE level = ? AND n = ?", (edited, *key))


def set_leaf(conn: Any, index: int, leaf: bytes) -> None:
    """Put another leaf in the place of an entry's."""
    set_node(conn, 0, index, leaf)


def frame_of(conn: Any, first: int, lane: int) -> bytes:
    """Return the frame of a lane, as it lies in the file."""
    [(frame,)] = conn.execute(
        "SELECT payloads FROM frames WHERE first = ? AND lane = ?", (first, lane)
    )
    return bytes(frame)


def set_frame(conn: Any, first: int, lane: int, frame: bytes) -> None:
    """Put another frame in the place of a lane's."""
    conn.execute(
        "UPDATE frames SET payloads = ? WHERE first = ? AND lane = ?", (frame, first, lane)
    )


def edit_payload(conn: Any, index: int, old: bytes, new: bytes) -> None:
    """Change bytes of one entry, and compress the frame again as an attacker would."""
    first, lane = index - index % BATCH, int(index % 5 != 0)
    raw = inflate(frame_of(conn, first, lane), at_most=LIMIT)
    assert raw.count(old) == 1
    assert len(old) == len(new)
    set_frame(conn, first, lane, deflate(raw.replace(old, new)))
