"""Console: answers in the form that was wished for, narration beside them, and the exit codes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from tui.answer import Answer
from tui.draft import drafted
from tui.encoding import encoded
from tui.format import Format
from tui.streams import PLAIN_WIDTH, is_dumb, say, stdout, wants_colour, width

if TYPE_CHECKING:
    from datetime import tzinfo

    from tui.progress import Meter


class ExitCode(IntEnum):
    """What the process says when it ends; part of the public interface."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    FINDINGS = 3
    BROKEN = 4
    INCOMPLETE = 5
    INTERRUPTED = 130
    CLOSED_PIPE = 141


_PRECEDENCE: Final = (
    ExitCode.INTERRUPTED,
    ExitCode.BROKEN,
    ExitCode.FAILED,
    ExitCode.INCOMPLETE,
    ExitCode.FINDINGS,
)
"""Where several apply, the first of these is told."""


def gravest(*codes: ExitCode) -> ExitCode:
    """Return the one exit code to tell of several that apply."""
    return next((code for code in _PRECEDENCE if code in codes), ExitCode.DONE)


class OutputExistsError(Exception):
    """`--output` names what exists, and `--force` was not given or does not go that far.

    Attributes:
        path: what exists.
        is_foreign: whether it is a folder of which nobody knows that it may be replaced.
    """

    def __init__(self, path: Path, *, is_foreign: bool = False) -> None:
        super().__init__(str(path))
        self.path = path
        self.is_foreign = is_foreign


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How the person wants to be answered.

    Attributes:
        format: None for the default: a table on a terminal, JSON or JSON Lines elsewhere.
        output: the file to write instead of stdout.
        force: overwrite that file.
        quiet: no narration but errors.
        verbose: narrate details too.
        progress: whether a progress bar may be shown.
        zone: the time zone of tables; None is UTC.
    """

    format: Format | None = None
    output: Path | None = None
    force: bool = False
    quiet: bool = False
    verbose: bool = False
    progress: bool = True
    zone: tzinfo | None = None


class Console:
    """Writes answers as they were wished for, and narrates beside them."""

    def __init__(self, wishes: Wishes) -> None:
        """Take the wishes; refuses at once to overwrite a file, before any long work."""
        self.wishes = wishes
        target = wishes.output
        if target is not None and target.is_file() and not wishes.force:
            raise OutputExistsError(target)

    def answer(self, answer: Answer) -> Format:
        """Write an answer to stdout or to the wished-for file; return in which format.

        Raises:
            ClosedPipeError: the reader of stdout has gone.
            OSError: the file could not be written.
        """
        with self._sink() as sink:
            for piece in self._pieces(answer):
                sink.write(piece)
        return self._format(answer)

    def pour(self, pieces: Iterable[bytes]) -> None:
        """Write bytes as they come, to stdout or to the wished-for file; raises as `answer`."""
        with self._sink() as sink:
            for piece in pieces:
                sink.write(piece)

    @property
    def is_on_terminal(self) -> bool:
        """Whether what is written goes to a terminal."""
        return self.wishes.output is None and sys.stdout.isatty()

    @property
    def shows_progress(self) -> bool:
        """Whether stderr is a terminal, and nobody objects to a progress bar there."""
        return self.wishes.progress and not self.wishes.quiet and sys.stderr.isatty()

    def narrate(self, text: str) -> None:
        """Say one line on stderr, unless the person wants quiet."""
        if not self.wishes.quiet:
            say(text)

    def detail(self, text: str) -> None:
        """Say one line on stderr if the person wants details."""
        if self.wishes.verbose:
            say(text)

    def warn(self, text: str) -> None:
        """Say one line of warning on stderr, unless the person wants quiet."""
        if not self.wishes.quiet:
            say(text, label="warning", colour="yellow")

    @contextmanager
    def meter(self, what: str, unit: str) -> Iterator[Meter]:
        """Show a progress bar on stderr, if that is a terminal and nobody objects.

        Args:
            what: what is being done, one word.
            unit: `B` for bytes, else the noun that is counted.
        """
        from tui.progress import SILENT, Bar

        wanted = self.shows_progress
        if not wanted or is_dumb():
            yield SILENT
            return
        with Bar(what, unit, stderr=sys.stderr, colour=wants_colour(sys.stderr)) as bar:
            yield bar

    def _format(self, answer: Answer) -> Format:
        if self.wishes.format is not None:
            return self.wishes.format
        if answer.default is not None:
            return answer.default
        if not self._is_for_files():
            return Format.TABLE
        return Format.JSONL if answer.document is None else Format.JSON

    def _is_for_files(self) -> bool:
        """Whether nobody asked for a format and no terminal reads."""
        return self.wishes.format is None and not self.is_on_terminal

    def _pieces(self, answer: Answer) -> Iterator[bytes]:
        from tui import formats

        if answer.text is not None and self._is_for_files():
            yield answer.text.encode()
            return
        match self._format(answer):
            case Format.TABLE:
                yield self._painted(answer)
                return
            case Format.JSON if answer.document is not None:
                pieces = formats.json_document(answer.document)
            case Format.JSON:
                pieces = formats.json_array(answer.rows())
            case Format.JSONL:
                pieces = formats.json_lines(answer.rows())
            case Format.CSV:
                pieces = formats.csv_lines(answer.rows(), answer.columns)
            case Format.MARKDOWN:
                pieces = formats.markdown_lines(answer.tables)
            case Format.PARQUET:
                yield from answer.parquet() if answer.parquet is not None else ()
                return
        for piece in pieces:
            yield piece.encode()

    def _painted(self, answer: Answer) -> bytes:
        from tui.paint import Canvas

        canvas = Canvas(
            width=width() if self.is_on_terminal else PLAIN_WIDTH,
            colour=self.wishes.output is None and wants_colour(sys.stdout),
            zone=self.wishes.zone,
        )
        answer.page(canvas)
        for remark in canvas.remarks:
            self.narrate(remark)
        encoding = "utf-8" if self.wishes.output is not None else sys.stdout.encoding
        return encoded(canvas.text(), encoding)

    @contextmanager
    def _sink(self) -> Iterator[BinaryIO]:
        target = self.wishes.output
        if target is None:
            with stdout() as stream:
                yield stream
            return
        with drafted(target) as draft, draft.open("wb") as file:
            yield file
