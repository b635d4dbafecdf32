"""SOURCE arguments to the files that they mean, and the one door through which these are opened.

What a file is called says nothing; every regular file is a source, and its content decides.
"""

from __future__ import annotations

import glob
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from analyzer.cloudtrail.errors import SourceError
from analyzer.s3.address import is_bucket

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from analyzer.s3.address import S3Object

STDIN: Final = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One thing to read.

    Attributes:
        name: for people and reports; whatever the file system holds, it can be printed as UTF-8.
        path: where it lies; None for the standard input, in S3, and where there is nothing to open.
        size: bytes on disk or in S3; 0 where it is not known before it is read.
        problem: why there is nothing to open; None otherwise.
        object: what it is in S3; None elsewhere.
    """

    name: str
    path: str | None
    size: int = 0
    problem: str | None = None
    object: S3Object | None = None

    @property
    def is_anywhere(self) -> bool:
        """Whether any process can open it, not only this one."""
        return self.path is not None or self.object is not None


def find_sources(
    arguments: Sequence[str],
    excluded: Collection[str] = (),
    in_s3: Callable[[str], Iterator[Source]] | None = None,
) -> Iterator[Source]:
    """Say what arguments mean: files, directories, patterns, `-`, `s3://…`; each file once.

    Args:
        arguments: taken in their order; what lies in a directory is sorted by path.
        excluded: paths that are not meant by a directory or pattern (the ledger itself).
        in_s3: says what an address in S3 means; None where S3 is not asked.
    """
    never_meant = {key for path in excluded if (key := _key(path))}
    seen: set[tuple[int, int] | str] = set()
    for argument in arguments:
        meant = (in_s3 or _not_asked) if is_bucket(argument) else _meant_by
        for source in meant(argument):
            place = _key(source.path) if source.path else None
            met = place or source.name
            if met not in seen and (place not in never_meant or source.path == argument):
                seen.add(met)
                yield source


def open_source(source: Source, stdin: BinaryIO | None) -> BinaryIO:
    """Open a source for reading.

    Raises:
        SourceError: there is nothing to open, or it may not be read.
    """
    if source.problem is not None:
        raise SourceError(source.problem)
    if source.path is None:
        if stdin is None:
            raise SourceError("there is no standard input here")
        return stdin
    try:
        return open(source.path, "rb")  # noqa: PTH123 - the caller closes it
    except OSError as error:
        raise SourceError(f"cannot be opened: {error.strerror or error}") from error


def _not_asked(argument: str) -> Iterator[Source]:
    problem = "only ingest reads from S3; copy it to a file first"
    yield Source(name=_printable(argument), path=None, problem=problem)


def _meant_by(argument: str) -> Iterator[Source]:
    if argument == STDIN:
        yield Source(name=STDIN, path=None)
    elif os.path.isdir(argument):  # noqa: PTH112 - bytes of a name survive as they are
        yield from _in_directory(argument)
    elif os.path.lexists(argument):
        yield _file(argument)
    elif glob.has_magic(argument):
        yield from _matching(argument)
    else:
        yield Source(name=_printable(argument), path=None, problem="there is no such file")


def _matching(pattern: str) -> Iterator[Source]:
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - sorted, bytes of names kept
    for match in matches:
        if os.path.isdir(match):  # noqa: PTH112
            yield from _in_directory(match)
        else:
            yield _file(match)
    if not matches:
        yield Source(name=_printable(pattern), path=None, problem="no file matches this pattern")


def _in_directory(top: str) -> Iterator[Source]:
    """Walk over a directory; links are followed, loops are not."""
    entered: set[tuple[int, int]] = set()
    paths: list[str] = []
    problems: list[OSError] = []
    for folder, folders, files in os.walk(top, followlinks=True, onerror=problems.append):
        key = _key(folder)
        if key is None or key in entered:
            folders.clear()
            continue
        entered.add(key)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        shown = (os.path.join(folder, name) for name in files if not name.startswith("."))  # noqa: PTH118
        paths += filter(_is_file_or_broken, shown)
    yield from map(_file, sorted(paths))
    for error in problems:
        problem = f"cannot be opened: {error.strerror}"
        yield Source(name=_printable(str(error.filename)), path=None, problem=problem)
    if not paths and not problems:
        yield Source(
            name=_printable(top), path=None, problem="there are no files in this directory"
        )


def _file(path: str) -> Source:
    try:
        size = os.stat(path).st_size  # noqa: PTH116
    except OSError as error:
        return Source(
            name=_printable(path), path=None, problem=f"cannot be opened: {error.strerror}"
        )
    return Source(name=_printable(path), path=path, size=size)


def _is_file_or_broken(path: str) -> bool:
    """Leave out pipes and devices, on which a reader would wait for ever."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116
    except OSError:
        return True


def _key(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _printable(path: str) -> str:
    """Spell a path as text; a byte that is not UTF-8 appears as its number, in hexadecimal."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
