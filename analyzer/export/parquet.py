"""`parquet`: a folder of Parquet files by account, Region and day; the only door to pyarrow.

The folder names are hive's (`account=…/region=…/day=…`), which DuckDB, Spark, Athena and pandas
read as columns. What a record says of its account and Region stands in columns of its own, so that
a hostile one cannot name a path.
"""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from analyzer import moment
from analyzer.export.rows import COLUMNS, Row

BATCH: Final = 8_000
"""Rows that are held at a time."""

OPEN_FILES: Final = 64
"""Files that are written at the same time; beyond that one day may have several."""

_ACCOUNT: Final = re.compile(r"\d{12}\Z", re.ASCII)
_REGION: Final = re.compile(r"[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d\Z", re.ASCII)
_OTHER: Final = "other"
_WRITTEN: Final = {"region": "region_as_written", "account": "account_as_written"}
"""The columns whose plain names belong to the folders."""


def write(folder: Path, rows: Iterable[Row]) -> int:
    """Write rows into an empty folder; return how many there were.

    Args:
        folder: exists.
        rows: as `analyzer.export.rows` makes them; read in this thread, a batch at a time.
    """
    written = 0
    remaining = iter(rows)
    files = _Files(folder)
    try:
        while held := list(islice(remaining, BATCH)):
            written += len(held)
            places: dict[str, list[Row]] = defaultdict(list)
            for one in held:
                places[_place(one)].append(one)
            for place, there in places.items():
                files.add(place, there)
    finally:
        files.close()
    return written


class _Files:
    """The files that are open, the one that was written last at the end."""

    def __init__(self, folder: Path) -> None:
        import pyarrow as pa  # noqa: PLC0415 - large, and needed by one command
        import pyarrow.parquet as pq  # noqa: PLC0415

        self._pa, self._pq = pa, pq
        self._folder = folder
        self._schema = _schema(pa)
        self._open: OrderedDict[str, Any] = OrderedDict()
        self._made: dict[str, int] = defaultdict(int)

    def add(self, place: str, rows: list[Row]) -> None:
        """Write rows to the file of their place as one row group."""
        columns = [
            self._pa.array([row[name] for row in rows], field.type)
            for name, field in zip(COLUMNS, self._schema, strict=True)
        ]
        batch = self._pa.RecordBatch.from_arrays(columns, schema=self._schema)
        self._at(place).write_batch(batch)
        self._open.move_to_end(place)

    def close(self) -> None:
        """End every file."""
        while self._open:
            self._open.popitem()[1].close()

    def _at(self, place: str) -> Any:
        if place not in self._open:
            if len(self._open) == OPEN_FILES:
                self._open.popitem(last=False)[1].close()
            path = self._folder / place / f"part-{self._made[place]}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open[place] = self._pq.ParquetWriter(path, self._schema, compression="zstd")
            self._made[place] += 1
        return self._open[place]


def _place(row: Row) -> str:
    """Return the folder that a row belongs into."""
    account, region = row["account"] or "", row["region"] or ""
    parts = {
        "account": account if _ACCOUNT.match(account) else _OTHER,
        "region": region if _REGION.match(region) else _OTHER,
        "day": moment.text(row["event_time"])[:10],
    }
    return "/".join(f"{name}={value}" for name, value in parts.items())


def _schema(pa: Any) -> Any:
    """Return the columns and their types; README documents them."""
    time, text = pa.timestamp("us", tz="UTC"), pa.string()
    types = {"entry": pa.int64(), "sealed_at": time, "event_time": time}
    types["resources"] = pa.list_(text)
    return pa.schema([(_WRITTEN.get(name, name), types.get(name, text)) for name in COLUMNS])
