"""The bar beside a list: which of its lines stand for the rows that are to be seen; pure."""

from __future__ import annotations


def thumb(count: int, height: int, top: int) -> range:
    """Return the lines of the bar that are filled; none where every row is to be seen.

    Args:
        count: rows in all.
        height: lines of the list, and of its bar.
        top: the row in the first line.
    """
    if height <= 0 or count <= height:
        return range(0)
    size = _size(count, height)
    start = top * (height - size) // (count - height)
    return range(start, start + size)


def sought(line: int, count: int, height: int) -> int:
    """Return the row to put into the first line so that the filled part is around *line*."""
    if height <= 0 or count <= height:
        return 0
    size = _size(count, height)
    wanted = (line - size // 2) * (count - height) // max(height - size, 1)
    return min(max(wanted, 0), count - height)


def _size(count: int, height: int) -> int:
    return max(1, height * height // count)
