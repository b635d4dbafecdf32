"""Draft: what is being written lies beside its target, and takes its place when it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def drafted(target: Path) -> Iterator[Path]:
    """Give a path beside *target* to write a file or folder to; it takes its place at the end.

    A failure half-way leaves what was there before, and nothing else. A target that is neither a
    file nor a folder (a device, a pipe) is written itself.
    """
    if target.exists() and not (target.is_file() or target.is_dir()):
        yield target
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield draft
        if target.is_dir():
            _remove(target)
        draft.replace(target)
    except BaseException:
        _remove(draft)
        raise


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
