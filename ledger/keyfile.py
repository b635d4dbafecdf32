"""Key file: where a ledger's signing key lies, who may read it, and what it signed last.

case.db.key        the secret, one line, for its owner's eyes only
case.db.key.pub    the public key, to be given to whoever verifies
case.db.key.last   the last checkpoint that was signed: a key signs nothing that does not extend it
case.db.key.new    the next key, while keys are changed
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from ledger.errors import KeyFileError, MalformedError
from ledger.keys import PrivateKey
from ledger.witness import Witness, replace_file

SUFFIXES: Final = ("", ".pub", ".last", ".new")
"""What lies beside a key file, itself included."""

_OTHERS: Final = 0o077


class KeyFile:
    """The file of a private key. It need not be there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.memory = Witness(_beside(path, ".last"))

    @property
    def exists(self) -> bool:
        """Whether there is something."""
        return self.path.exists()

    def read(self) -> PrivateKey:
        """Read the key.

        Raises:
            KeyFileError: there is none, it is something else, or others may read it.
        """
        return _read(self.path)

    def pending(self) -> PrivateKey | None:
        """The key of a change that was begun; None where none was."""
        path = _beside(self.path, ".new")
        return _read(path) if path.exists() else None

    def prepare(self, key: PrivateKey) -> PrivateKey:
        """Keep the next key beside the present one, and give it back.

        Raises:
            KeyFileError: it cannot be kept there.
        """
        self._write(_beside(self.path, ".new"), f"{key.spelled()}\n", 0o600)
        return key

    def adopt(self, key: PrivateKey) -> None:
        """Put the next key in the place of the present one, and its public half beside it.

        Raises:
            KeyFileError: it cannot be written there.
        """
        self._write(_beside(self.path, ".pub"), f"{key.public()}\n", 0o644)
        try:
            new = _beside(self.path, ".new")
            if new.exists():
                new.replace(self.path)
        except OSError as error:
            raise KeyFileError(self.path, error.strerror or str(error)) from error

    def forget(self) -> None:
        """Forget what was signed last, when a key is declared lost and its ledger with it."""
        self.memory.path.unlink(missing_ok=True)

    @staticmethod
    def _write(path: Path, content: str, mode: int) -> None:
        try:
            replace_file(path, content, mode=mode)
        except OSError as error:
            raise KeyFileError(path, error.strerror or str(error)) from error


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _read(path: Path) -> PrivateKey:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & _OTHERS:
                raise KeyFileError(path, f"others may read it; first: chmod 600 {path}")
            content = file.read(1 << 12)
    except OSError as error:
        raise KeyFileError(path, error.strerror or str(error)) from error
    try:
        return PrivateKey.parse(content.decode().removesuffix("\n"))
    except UnicodeDecodeError as error:
        raise KeyFileError(path, "not a private key") from error
    except MalformedError as error:
        raise KeyFileError(path, error.detail) from error
