"""Terminal: runs a command line inside this process, with streams that may be terminals."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tui.cli import run
from tui.console import ExitCode
from tui.session import World

NOW = 1_782_864_000_000_000
"""2026-07-01T00:00:00Z: after every story, so that `now` and `sealed_at` are always the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command line left behind."""

    stdout: bytes
    stderr: bytes
    code: ExitCode

    @property
    def out(self) -> str:
        return self.stdout.decode()

    @property
    def err(self) -> str:
        return self.stderr.decode()


class Stream(io.TextIOWrapper):
    """A text stream over bytes that says whether it is a terminal."""

    def __init__(self, *, is_terminal: bool, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding, write_through=True)
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal

    def taken(self) -> bytes:
        self.flush()
        raw = self.buffer
        assert isinstance(raw, io.BytesIO)
        return raw.getvalue()


def keyledger(
    *arguments: str,
    cwd: Path | None = None,
    stdin: bytes = b"",
    is_terminal: bool = False,
    environment: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
) -> Result:
    """Run one command line; on a terminal both streams are, 80 columns wide by default."""
    out = Stream(is_terminal=is_terminal, encoding=encoding)
    err = Stream(is_terminal=is_terminal, encoding=encoding)
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        _stdin(stdin),
        _environment(environment or {}),
        _folder(cwd),
    ):
        code = run(arguments, world=_world(arguments))
    return Result(stdout=out.taken(), stderr=err.taken(), code=code)


def _world(arguments: Sequence[str]) -> World:
    """The same moment for all, and chance that is the same for the same command line."""
    seed = hashlib.sha512(os.fsencode("\0".join(arguments))).digest()
    return World(clock=lambda: NOW, chance=lambda count: seed[:count])


@contextmanager
def _stdin(content: bytes) -> Iterator[None]:
    with mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(content))):
        yield


@contextmanager
def _environment(given: Mapping[str, str]) -> Iterator[None]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {"NO_COLOR", "COLUMNS", "LINES", "KEYLEDGER_LEDGER", "FORCE_COLOR"}
    }
    usual = {"COLUMNS": "80", "TERM": "xterm", "KEYLEDGER_CONFIG": "settings/keyledger.toml"}
    values = {**clean, **usual, **given}
    with mock.patch.dict(os.environ, values, clear=True):
        yield


@contextmanager
def _folder(cwd: Path | None) -> Iterator[None]:
    before = Path.cwd()
    try:
        if cwd is not None:
            os.chdir(cwd)
        yield
    finally:
        os.chdir(before)
