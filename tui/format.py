"""Format: the shapes in which an answer can be asked for."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    PARQUET = "parquet"
