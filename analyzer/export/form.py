"""The forms of export, and what each is made of."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """What can be exported; the value is how it is named on a command line."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    TIMESKETCH = "timesketch"
    OCSF = "ocsf"
    LEDGER = "ledger"
