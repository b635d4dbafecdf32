"""Anatomy of a ledger's file: what each of its bytes is, by SQLite's documented file format.

Source: https://www.sqlite.org/fileformat2.html. Written for files that are whole, from that page
alone, so that a list of slack does not rest on the code whose audit it excuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from tests.ledger_support import sqlite3

HEADER: Final = {
    (0, 16): "magic", (16, 18): "page size", (18, 20): "read and write version",
    (20, 21): "reserved space", (21, 24): "payload fractions", (24, 28): "change counter",
    (28, 32): "page count", (32, 40): "free list", (40, 44): "schema cookie",
    (44, 48): "schema format", (48, 52): "cache size", (52, 56): "vacuum", (56, 60): "encoding",
    (60, 64): "user version", (64, 68): "vacuum", (68, 72): "application id", (72, 92): "expansion",
    (92, 96): "change counter", (96, 100): "library version",
}  # fmt: skip
_LEAF_TABLE, _INNER_TABLE, _LEAF_INDEX, _INNER_INDEX = 0x0D, 0x05, 0x0A, 0x02
_ZSTD_HEAD: Final = 4 + 1 + 4
"""Magic, descriptor, and up to four bytes of window and content size."""


class Anatomy:
    """The label of every byte; those that nothing accounts for are `unused space`."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        self.page_bytes = int.from_bytes(self.data[16:18])
        self.labels = ["unused space"] * len(self.data)
        for (start, stop), name in HEADER.items():
            self._label(range(start, stop), f"file header: {name}")
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as conn:
            tables = conn.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage")
            roots = [("sqlite_master", 1), *tables]
            self._columns = {
                name: [row[1] for row in conn.execute(f"PRAGMA table_info({name})")]
                for name, _ in roots
            }
        for name, root in roots:
            self._tree(name, root)

    def _label(self, places: Iterator[int] | range | list[int], label: str) -> None:
        for place in places:
            self.labels[place] = label

    def _number(self, at: int, width: int) -> int:
        return int.from_bytes(self.data[at : at + width])

    def _varint(self, at: int) -> tuple[int, int]:
        """The number at a place, and where it ends."""
        value = 0
        for width in range(1, 9):
            byte = self.data[at + width - 1]
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value, at + width
        return value << 8 | self.data[at + 8], at + 9

    def _tree(self, table: str, page: int) -> None:
        base = (page - 1) * self.page_bytes
        head = base + (100 if page == 1 else 0)
        kind, count = self.data[head], self._number(head + 3, 2)
        is_inner = kind in (_INNER_TABLE, _INNER_INDEX)
        pointers = head + (12 if is_inner else 8)
        self._label(range(head, pointers), f"page header: {table}")
        self._label(range(head + 7, head + 8), f"page header: fragments of {table}")
        self._label(range(head + 1, head + 3), f"page header: free block of {table}")
        self._label(range(pointers, pointers + 2 * count), f"page pointers: {table}")
        for pointer in range(pointers, pointers + 2 * count, 2):
            self._cell(table, base + self._number(pointer, 2), kind)
        if is_inner:
            self._tree(table, self._number(head + 8, 4))

    def _cell(self, table: str, at: int, kind: int) -> None:
        if kind in (_INNER_TABLE, _INNER_INDEX):
            self._label(range(at, at + 4), f"page pointers: {table}")
            self._tree(table, self._number(at, 4))
            at += 4
        if kind == _INNER_TABLE:
            self._label(range(at, self._varint(at)[1]), f"page pointers: {table}")
            return
        start = at
        size, at = self._varint(at)
        if kind == _LEAF_TABLE:
            at = self._varint(at)[1]
        self._label(range(start, at), f"{table}: row header")
        places = self._payload(table, at, size, is_table=kind == _LEAF_TABLE)
        self._record(table, places)

    def _payload(self, table: str, at: int, size: int, *, is_table: bool) -> list[int]:
        """Where the bytes of a row lie, on its page and on those that it runs over to."""
        usable = self.page_bytes
        least = (usable - 12) * 32 // 255 - 23
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        if size <= most:
            return list(range(at, at + size))
        local = least + (size - least) % (usable - 4)
        local = local if local <= most else least
        places = list(range(at, at + local))
        self._label(range(at + local, at + local + 4), f"page pointers: {table}")
        following = self._number(at + local, 4)
        while following:
            base = (following - 1) * usable
            self._label(range(base, base + 4), f"page pointers: {table}")
            rest = size - len(places)
            places += range(base + 4, base + 4 + min(rest, usable - 4))
            following = self._number(base, 4)
        return places

    def _record(self, table: str, places: list[int]) -> None:
        raw = bytes(self.data[place] for place in places)
        self._label(places, f"{table}: row header")
        stop, at = _varint_of(raw, 0)
        start = stop
        subject = ""
        for column in self._columns[table]:
            code, at = _varint_of(raw, at)
            width = _width(code)
            name = f"{table}.{column}"
            if table == "sqlite_master":
                if column == "name":
                    subject = raw[start : start + width].decode()
                name = f"schema of {subject}" if subject else "schema"
            self._label(places[start : start + width], name)
            zstd = raw.find(b"\x28\xb5\x2f\xfd", start, start + 5) if code >= 12 else -1
            if zstd >= 0:
                self._label(places[zstd : zstd + _ZSTD_HEAD], f"{name}: frame header")
            start += width
        if table == "sqlite_master":  # what comes before the name
            self._label([place for place in places if self.labels[place] == "schema"],
                        f"schema of {subject}")  # fmt: skip


def _varint_of(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    while True:
        value = value << 7 | raw[at] & 0x7F
        at += 1
        if raw[at - 1] < 0x80:
            return value, at


def _width(code: int) -> int:
    if code >= 12:
        return (code - 12) // 2
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)[code]
