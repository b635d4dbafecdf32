"""What the terminal room and the system refuse: files, folders, settings."""

from __future__ import annotations

from tui.config import ConfigError
from tui.console import ExitCode, OutputExistsError
from tui.sentence import Sentence


def told(error: Exception) -> Sentence | None:
    """Return what to tell of it; None where it is none of these."""
    if isinstance(error, OutputExistsError) and error.is_foreign:
        return Sentence(
            text=f"{error.path} exists already, and is no earlier export",
            ways_out=("name another folder: this one is never replaced, not even with --force",),
        )
    if isinstance(error, OutputExistsError):
        return Sentence(
            text=f"{error.path} exists already",
            ways_out=("give --force to overwrite it, or name another",),
        )
    if isinstance(error, ConfigError):
        return Sentence(
            text=f"{error.path} cannot be used",
            code=ExitCode.USAGE,
            ways_out=(*error.troubles, "see every setting with: keyledger config show"),
        )
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename is not None else ""
        return Sentence(text=f"{where}{error.strerror or error}")
    return None
