"""Rows: typed access to the evidence tables.

A damaged file can hand back a value of any type; `typed_rows` makes it an `UnreadableError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ledger.connection import Connection
from ledger.entry import MAX_NUMBER
from ledger.errors import BrokenError, MalformedError, UnreadableError
from ledger.hashing import DIGEST_BYTES, NO_LINK, Digest
from ledger.merkle import TILE_WIDTH, Frontier, Tile
from ledger.segment import SegmentRow

_SEGMENT = "SELECT first, count, sealed_at, previous, link, columns FROM segments"
_SEGMENT_TYPES = (int, int, int, bytes, bytes, bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """The row of `meta`."""

    origin: str
    created_at: int
    digest: bytes


class Rows:
    """The evidence tables of one ledger file."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def head(self) -> tuple[int, Digest]:
        """Size, and leaf of the last entry (zeros where there is none)."""
        rows = self.connection.typed_rows(
            "SELECT first, count, link FROM segments ORDER BY first DESC LIMIT 1",
            (),
            (int, int, bytes),
        )
        for first, count, link in rows:
            return first + count, Digest(link)
        return 0, NO_LINK

    def segment_with(self, index: int) -> SegmentRow | None:
        """The segment in which entry *index* lies."""
        sql = f"{_SEGMENT} WHERE first <= ? ORDER BY first DESC LIMIT 1"
        row = self._segment(sql, index)
        return row if row is not None and index < row.stop else None

    def segment_from(self, first: int) -> SegmentRow | None:
        """The first segment that begins at *first* or behind it."""
        return self._segment(f"{_SEGMENT} WHERE first >= ? ORDER BY first LIMIT 1", first)

    def segments_between(self, first: int, last: int) -> dict[int, SegmentRow]:
        """The segments that begin from *first* to *last*, by where they begin."""
        sql = f"{_SEGMENT} WHERE first BETWEEN ? AND ? ORDER BY first"
        return {row.first: row for row in self._segments(sql, first, last)}

    def _segment(self, sql: str, index: int) -> SegmentRow | None:
        return next(self._segments(sql, index), None)

    def _segments(self, sql: str, *indexes: int) -> Iterator[SegmentRow]:
        for first, count, sealed_at, previous, link, columns in self.connection.typed_rows(
            sql, indexes, _SEGMENT_TYPES
        ):
            if sealed_at < 0:  # no header can hold it
                raise UnreadableError(self.connection.path, "a segment of an impossible time")
            yield SegmentRow(
                first=first,
                count=count,
                sealed_at=sealed_at,
                previous=Digest(previous),
                link=Digest(link),
                columns=columns,
            )

    def bounds_after(self, first: int) -> tuple[int, int] | None:
        """(first, count) of the first segment that begins behind *first*."""
        sql = "SELECT first, count FROM segments WHERE first > ? ORDER BY first LIMIT 1"
        for found in self.connection.typed_rows(sql, (first,), (int, int)):
            return found[0], found[1]
        return None

    def segment_bounds(self) -> list[tuple[int, int]]:
        """(first, count) of every segment, in order."""
        sql = "SELECT first, count FROM segments ORDER BY first"
        return self.connection.typed_rows(sql, (), (int, int))

    def size_at(self, sealed_at: int) -> int:
        """Entries before the first one that was sealed later than this."""
        [(first,)] = self.connection.rows(
            "SELECT min(first) FROM segments WHERE sealed_at > ?", (sealed_at,)
        )
        return first if isinstance(first, int) else self.head()[0]

    def lanes(self, first: int) -> list[int]:
        """Lanes for which the segment at *first* has a frame."""
        sql = "SELECT lane FROM frames WHERE first = ? ORDER BY lane"
        return [lane for (lane,) in self.connection.typed_rows(sql, (first,), (int,))]

    def frame(self, first: int, lane: int) -> bytes | None:
        """The frame of one lane of the segment at *first*, still compressed."""
        sql = "SELECT payloads FROM frames WHERE first = ? AND lane = ?"
        for (payloads,) in self.connection.typed_rows(sql, (first, lane), (bytes,)):
            return bytes(payloads)
        return None

    def frames(self, first: int) -> dict[int, bytes]:
        """All frames of the segment at *first* by lane, still compressed."""
        sql = "SELECT lane, payloads FROM frames WHERE first = ?"
        found = self.connection.typed_rows(sql, (first,), (int, bytes))
        return {lane: bytes(payloads) for lane, payloads in found}

    def tile(self, level: int, n: int) -> bytes:
        """The hashes of one tile in a row; empty where there is no such tile."""
        sql = "SELECT nodes FROM tiles WHERE level = ? AND n = ?"
        for (nodes,) in self.connection.typed_rows(sql, (level, n), (bytes,)):
            return bytes(nodes)
        return b""

    def leaves(self, start: int, stop: int) -> bytes:
        """The stored leaves of entries [start, stop) in a row; shorter where some are missing."""
        if start >= stop:
            return b""
        low, high = start // TILE_WIDTH, (stop - 1) // TILE_WIDTH
        sql = "SELECT n, nodes FROM tiles WHERE level = 0 AND n BETWEEN ? AND ? ORDER BY n"
        tiles = self.connection.typed_rows(sql, (low, high), (int, bytes))
        if [n for n, _ in tiles] != list(range(low, high + 1)):
            return b""
        row = b"".join(nodes for _, nodes in tiles)
        at = (start - low * TILE_WIDTH) * DIGEST_BYTES
        return row[at : at + (stop - start) * DIGEST_BYTES]

    def tile_beyond(self, level: int, n: int) -> int | None:
        """The first tile of a level that comes behind tile *n*."""
        sql = "SELECT n FROM tiles WHERE level = ? AND n > ? ORDER BY n LIMIT 1"
        for (found,) in self.connection.typed_rows(sql, (level, n), (int,)):
            return int(found)
        return None

    def stray_frame(self) -> int | None:
        """What the first frame that belongs to no segment says it belongs to."""
        sql = (
            "SELECT first FROM frames WHERE first NOT IN (SELECT first FROM segments)"
            " ORDER BY first LIMIT 1"
        )
        for (first,) in self.connection.typed_rows(sql, (), (int,)):
            return int(first)
        return None

    def checkpoint_notes(self) -> list[tuple[int, str]]:
        """(size, text) of every stored checkpoint, smallest first."""
        sql = "SELECT size, note FROM checkpoints ORDER BY size"
        return self.connection.typed_rows(sql, (), (int, str))

    def frontier(self, size: int, link: Digest) -> Frontier:
        """The right edge of the stored tree, which must end where the segments end.

        Args:
            size: entries, as the segments say.
            link: leaf of the last of them.

        Raises:
            BrokenError: it ends elsewhere.
        """
        try:
            frontier = Frontier.load(size, self.tile)
        except MalformedError as error:
            raise BrokenError(size, "truncated", error.detail) from error
        if size and self.leaves(size - 1, size) != link:
            raise BrokenError(size - 1, "link", "the last stored leaf is not the last link")
        return frontier

    def orders(self, start: int = 0, stop: int = MAX_NUMBER) -> list[tuple[int, int, int]]:
        """(entry, the entry that ordered its erasure, whether that is done) for [start, stop)."""
        sql = (
            "SELECT entry, ordered_by, is_done FROM redactions"
            " WHERE entry >= ? AND entry < ? AND ordered_by > entry ORDER BY entry"
        )
        return self.connection.typed_rows(sql, (start, stop), (int, int, int))

    def page_faults(self, table: str) -> list[str]:
        """What SQLite finds wrong with the pages of one table."""
        sql = f"PRAGMA integrity_check({table})"
        rows = self.connection.typed_rows(sql, (), (str,))
        found = [message.replace("*** in database main ***", "") for (message,) in rows]
        return [" ".join(message.split()) for message in found if message != "ok"]

    def last_checkpoint(self) -> tuple[int, str] | None:
        """(size, text) of the largest stored checkpoint."""
        sql = "SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1"
        for size, note in self.connection.typed_rows(sql, (), (int, str)):
            return size, note
        return None

    def meta(self) -> Meta | None:
        """What the ledger says of itself."""
        sql = "SELECT origin, created_at, digest FROM meta"
        for origin, created_at, digest in self.connection.typed_rows(sql, (), (str, int, bytes)):
            return Meta(origin=origin, created_at=created_at, digest=digest)
        return None

    def add_segment(self, row: SegmentRow, frames: Mapping[int, bytes]) -> None:
        """Append a segment and its frames."""
        self.connection.execute(
            "INSERT INTO segments (first, count, sealed_at, previous, link, columns)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (row.first, row.count, row.sealed_at, row.previous, row.link, row.columns),
        )
        self.connection.execute_many(
            "INSERT INTO frames (first, lane, payloads) VALUES (?, ?, ?)",
            [(row.first, lane, payloads) for lane, payloads in sorted(frames.items())],
        )

    def put_tiles(self, tiles: Iterable[Tile]) -> None:
        """Store tiles that are new or have grown."""
        for tile in tiles:
            if self.tile(tile.level, tile.n):
                sql = "UPDATE tiles SET nodes = ?3 WHERE level = ?1 AND n = ?2"
            else:
                sql = "INSERT INTO tiles (level, n, nodes) VALUES (?1, ?2, ?3)"
            self.connection.execute(sql, (tile.level, tile.n, tile.nodes))

    def replace_frame(
        self, entry: int, order: int, row: SegmentRow, lane: int, frame: bytes
    ) -> None:
        """Rewrite the frame of an entry whose erasure entry *order* has just ordered."""
        self.connection.execute(
            "INSERT INTO redactions (entry, lane, ordered_by, is_done) VALUES (?, ?, ?, 0)",
            (entry, lane, order),
        )
        self.connection.execute(
            "UPDATE frames SET payloads = ? WHERE first = ? AND lane = ?", (frame, row.first, lane)
        )

    def add_checkpoint(self, size: int, made_at: int, note: str) -> None:
        """Store a checkpoint."""
        self.connection.execute(
            "INSERT INTO checkpoints (size, made_at, note) VALUES (?, ?, ?)", (size, made_at, note)
        )

    def add_meta(self, meta: Meta) -> None:
        """Store what the ledger says of itself, once."""
        self.connection.execute(
            "INSERT INTO meta (id, origin, created_at, digest) VALUES (1, ?, ?, ?)",
            (meta.origin, meta.created_at, meta.digest),
        )
