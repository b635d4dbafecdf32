"""Witness: a file that remembers one checkpoint and moves on only to one that extends it.

Kept where whoever writes the ledger cannot write (another host, a medium that keeps versions), it
shows a ledger that was cut or rewritten. Beside a key it keeps the key from signing two ledgers
that part.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledger.checkpoint import Checkpoint
from ledger.errors import ForkError, MalformedError
from ledger.hashing import Digest

RootAt = Callable[[int], Digest]
"""The root that a ledger had at a size, at most its own."""


class Witness:
    """The file of one checkpoint. It need not be there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def last(self) -> Checkpoint | None:
        """The checkpoint that it remembers.

        Raises:
            MalformedError: there is something else in the file.
            OSError: it cannot be read.
        """
        try:
            return Checkpoint.parse(self.path.read_bytes().decode())
        except FileNotFoundError:
            return None
        except (MalformedError, UnicodeDecodeError) as error:
            raise MalformedError(f"{self.path} holds no checkpoint: {error}") from error

    def advance(self, checkpoint: Checkpoint, root_at: RootAt) -> None:
        """Move on to a checkpoint; one of the same tree stays as it is unless it was unsigned.

        Compare and swap: of two that move it at once, the second sees what the first has left.

        Args:
            checkpoint: of the ledger as it is now.
            root_at: the roots that this ledger had.

        Raises:
            ForkError: it does not extend the one that is remembered; that one stays.
            OSError: the file cannot be read or written.
        """
        with _locked(self.path.parent):
            last = self.last()
            if last is not None:
                _require_extension(last, checkpoint, root_at)
                if last.is_of(checkpoint) and (last.signatures or not checkpoint.signatures):
                    return
            replace_file(self.path, str(checkpoint), mode=0o644)


def _require_extension(last: Checkpoint, checkpoint: Checkpoint, root_at: RootAt) -> None:
    if last.origin != checkpoint.origin:
        raise ForkError(0, "the checkpoint that was kept is another ledger's")
    if last.size > checkpoint.size:
        detail = f"the ledger ends here; the checkpoint that was kept is of {last.size}"
        raise ForkError(checkpoint.size, detail)
    if root_at(last.size) != last.root:
        raise ForkError(last.size, "the ledger had another root than the checkpoint that was kept")


def replace_file(path: Path, content: str, *, mode: int) -> None:
    """Put content in a file's place, all of it or nothing, and onto the medium.

    Raises:
        OSError: it cannot be written there.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    draft.unlink(missing_ok=True)
    try:
        made = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(made, "wb") as file:
            file.write(content.encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    with suppress(OSError), _opened(path.parent) as folder:  # not every system syncs folders
        os.fsync(folder)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One at a time, where the system has such locks; elsewhere the last one wins."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with _opened(folder) as descriptor:
        with suppress(OSError):  # a medium without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
