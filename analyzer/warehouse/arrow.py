"""Arrow: rows in columns, the form in which very many of them travel at once."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from analyzer.warehouse.table import Table, Type

_TYPES: Final = {
    Type.NUMBER: pa.int64(),
    Type.NUMBERS: pa.list_(pa.int64()),
    Type.TEXT: pa.string(),
    Type.TEXTS: pa.list_(pa.string()),
    Type.TIME: pa.timestamp("us"),
    Type.DAY: pa.date32(),
    Type.FLAG: pa.bool_(),
}


def schema_of(table: Table) -> pa.Schema:
    """Return the Arrow schema of a table, with what its columns mean as metadata."""
    return pa.schema(
        [
            pa.field(column.name, _TYPES[column.type], metadata={"comment": column.about})
            for column in table.columns
        ],
        metadata={"comment": table.about},
    )


def batch(table: Table, rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Return rows of a table by columns.

    Args:
        table: whose columns the values of each row are, in order; moments are microseconds.
        rows: tuples of its width.
    """
    schema = schema_of(table)
    columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    return pa.table(
        [
            pa.array(values, field.type, from_pandas=False)
            for values, field in zip(columns, schema, strict=True)
        ],
        schema=schema,
    )


def packed(table: pa.Table) -> bytes:
    """Return rows in Arrow's own stream of bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def unpacked(stream: bytes) -> pa.Table:
    """Return the rows in such a stream."""
    with pa.ipc.open_stream(stream) as reader:
        return reader.read_all()


def parquet(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch], limit: int | None = None
) -> Iterator[bytes]:
    """Yield a Parquet file piece by piece, one batch in memory.

    Args:
        schema: of the file.
        batches: the rows; their columns may have other names.
        limit: how many of them at most; None for all.
    """
    pipe = _Pipe()
    left = limit
    with pq.ParquetWriter(pipe, schema, compression="zstd") as writer:
        for found in batches:
            kept = found if left is None else found.slice(0, left)
            if len(kept):
                writer.write_batch(pa.record_batch(kept.columns, schema=schema))
            yield pipe.taken()
            if left is not None:
                left -= len(kept)
                if left == 0:
                    break
    yield pipe.taken()


class _Pipe(io.RawIOBase):
    """A file that is only written, and whose content is taken away as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._length

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._length += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        """Take what was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
