"""Progress: a bar on stderr for work that takes its time; the other door to rich."""

from __future__ import annotations

from typing import Final, Protocol, Self, TextIO

from rich.console import Console as RichConsole
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from tui.harmless import harmless

_NAME: Final = 28
"""Columns for the name of what is being worked on."""


class Meter(Protocol):
    """What reports progress."""

    def advance_to(self, done: int, total: int | None, now: str = "") -> None:
        """Say how much is done, of how much if that is known, and what is being worked on."""


class Silence:
    """A meter that nobody sees."""

    def advance_to(self, done: int, total: int | None, now: str = "") -> None:
        """Do nothing."""


SILENT: Final = Silence()


class Bar:
    """A meter on a terminal: amount, rate and time left. The bar goes when the work is done."""

    def __init__(self, what: str, unit: str, *, stderr: TextIO, colour: bool) -> None:
        """Prepare a bar for *what*, counted in bytes (unit `B`) or in things."""
        self._progress = Progress(
            SpinnerColumn(finished_text=" "),
            TextColumn(what, markup=False),
            BarColumn(bar_width=24),
            *_amounts(unit),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[now]}", markup=False),
            console=RichConsole(file=stderr, no_color=not colour, highlight=False),
            transient=True,
        )
        self._task = self._progress.add_task(what, total=None, now="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def advance_to(self, done: int, total: int | None, now: str = "") -> None:
        """Move the bar."""
        name = harmless(now.rpartition("/")[2])
        name = name if len(name) <= _NAME else "…" + name[1 - _NAME :]
        self._progress.update(self._task, completed=done, total=total, now=name)


class _RateColumn(ProgressColumn):
    """Things a second."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        super().__init__()

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f} {self._unit}/s".replace(",", " "))


def _amounts(unit: str) -> tuple[ProgressColumn, ...]:
    if unit == "B":
        return DownloadColumn(), TransferSpeedColumn()
    return MofNCompleteColumn(), _RateColumn(unit)
