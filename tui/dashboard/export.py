"""Export: what is shown, written into a file; a file that exists is never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analyzer.case import Document
from tui import formats
from tui.dashboard.clock import typed
from tui.dashboard.view import DashboardView


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One thing that can be written.

    Attributes:
        title: what it is, for a person.
        ending: of the file's name.
        pieces: makes the text; None for a picture of the screen, which only the app can make.
    """

    title: str
    ending: str
    pieces: Callable[[DashboardView], Iterator[str]] | None


def _explain(view: DashboardView) -> Iterator[str]:
    return formats.json_document(view.explained or view.outline or {})


def _state(view: DashboardView) -> Iterator[str]:
    rows = [(track, track.at(view.at)) for track in view.playback.tracks]
    document = {
        "at": typed(view.at),
        "known_at": view.playback.size,
        "keys": [row for track, row in rows if track.is_key and row is not None],
        "databases": [row for track, row in rows if not track.is_key and row is not None],
    }
    return formats.json_document(document)


def _events(view: DashboardView) -> Iterator[Mapping[str, Any]]:
    places = range(len(view.playback.happenings)) if view.matches is None else view.matches
    for place in places:
        one = view.playback.happenings[place]
        yield {**one.evidence.document(), "effect": one.effect or None, "tracks": list(one.tracks)}


def _events_csv(view: DashboardView) -> Iterator[str]:
    return formats.csv_lines(_events(view))


def _events_jsonl(view: DashboardView) -> Iterator[str]:
    return formats.json_lines(_events(view))


def _rows(view: DashboardView) -> Iterator[str]:
    result = view.result
    return formats.csv_lines(result.rows if result else (), result.columns if result else ())


def _sealed(view: DashboardView) -> Iterator[str]:
    sealed: Document = view.sealed or {}
    yield str(sealed.get("text") or "")


OFFERS: Final[Mapping[str, Offer]] = {
    "picture": Offer(title="This screen, as a picture", ending="svg", pieces=None),
    "explain": Offer(title="What explain says of the database now", ending="json", pieces=_explain),
    "state": Offer(title="Every key and database as it is now", ending="json", pieces=_state),
    "events": Offer(title="The events that are listed, for a spreadsheet", ending="csv",
                    pieces=_events_csv),
    "events-jsonl": Offer(title="The events that are listed, as data", ending="jsonl",
                          pieces=_events_jsonl),
    "rows": Offer(title="The rows of the last query, for a spreadsheet", ending="csv",
                  pieces=_rows),
    "record": Offer(title="The record under the cursor, byte for byte", ending="record.json",
                    pieces=_sealed),
}  # fmt: skip
"""What can be written, by name, in the order in which it is offered."""


def free_path(folder: Path, view: DashboardView, name: str) -> Path:
    """Return a name that no file in the folder has: what it is and of which moment."""
    moment = typed(view.at).replace(":", "")
    stem = f"keyledger-{name}-{moment}"
    ending = OFFERS[name].ending
    path = folder / f"{stem}.{ending}"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.{ending}"
    return path


def write(path: Path, pieces: Iterator[str]) -> None:
    """Write a file that must not exist yet.

    Raises:
        OSError: it exists, or it cannot be written.
    """
    with path.open("x", encoding="utf-8") as file:
        file.writelines(pieces)
