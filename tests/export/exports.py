"""Exports as the tests make them, and what a ledger holds of what was exported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ledger.entry import Entry, Kind
from ledger.store import Ledger
from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tui.console import ExitCode

STORIES = ROOT / "samples/stories"


Json = dict[str, Any]


def sealed_in(path: Path) -> list[tuple[Kind, bytes | None]]:
    """What was said of events; digest files vouch for files, and are no part of an export."""
    kinds = {Kind.RECORD, Kind.CONFLICT, Kind.REJECT}
    with Ledger.open(path, readonly=True) as ledger:
        return [shape(one) for one in ledger.entries() if one.header.kind in kinds]


def shape(entry: Entry) -> tuple[Kind, bytes | None]:
    return entry.header.kind, entry.payload


def made(folder: Path, *sources: bytes) -> Path:
    """A ledger of what these sources hold."""
    for number, source in enumerate(sources):
        (folder / f"source-{number}").write_bytes(source)
    names = [str(folder / f"source-{number}") for number in range(len(sources))]
    path = folder / "case.db"
    keyledger("ingest", *names, "--all-services", "--ledger", str(path))
    return path


def exported(ledger: Path, form: str, name: str, *more: str) -> Path:
    path = ledger.parent / name
    done = keyledger("export", form, "-o", str(path), "--ledger", str(ledger), *more)
    assert done.code is ExitCode.DONE, done.err
    assert done.out == ""
    return path
