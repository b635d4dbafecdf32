"""Exports: a whole ledger in the forms that other tools read, each as its command writes it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from ledger.store import Ledger
from tests.bench.clock import Stopwatch
from tests.bench.room import Room
from tui.cli import run

Task = Callable[[Room, Stopwatch], int]

FORMS: Final = ("jsonl", "csv", "timesketch", "ocsf", "parquet")


def export(form: str, room: Room, watch: Stopwatch) -> int:
    """Write every record; counts entries."""
    target = room.scratch(f"export.{form}")
    command = ["export", form, "--ledger", str(room.ledger), "-o", str(target), "--quiet"]
    with watch:
        run(command)
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink()
    with Ledger.open(room.ledger, readonly=True) as ledger:
        return ledger.size


EXPORTS: Final[Mapping[str, Task]] = {f"export-{form}": partial(export, form) for form in FORMS}
