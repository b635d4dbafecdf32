"""Streams: stdout is data, stderr is narration; the only place that writes to either."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import BinaryIO, Final, TextIO

from tui.encoding import encoded
from tui.harmless import harmless

PLAIN_WIDTH: Final = 100
"""Columns of a table that goes elsewhere than to a terminal."""

_STDERR: Final = 2
_LAST_WORDS: Final = 2.0
"""Seconds that a process which did not come up is given to be heard."""


class ClosedPipeError(Exception):
    """Whoever read our stdout has gone; there is nobody left to tell."""


def say(text: str, *, label: str = "", colour: str = "") -> None:
    """Write one line of narration to stderr; what it quotes is made harmless."""
    from click import style

    spelled = harmless(text)
    if label:
        painted = (
            style(label + ":", fg=colour, bold=True) if wants_colour(sys.stderr) else label + ":"
        )
        spelled = f"{painted} {spelled}"
    with suppress(OSError):  # nobody listens: the exit code still tells
        _write_text(sys.stderr, spelled + "\n")


def fail(text: str, *ways_out: str) -> None:
    """Write an error to stderr, with the ways out of it on lines of their own."""
    say(text, label="keyledger", colour="red")
    for way in ways_out:
        say("  " + way)


def is_terminal() -> bool:
    """Whether somebody sits before our stdout: a terminal, or a browser that stands in for one."""
    return sys.stdout.isatty() or "TEXTUAL_DRIVER" in os.environ


def write_out(text: str) -> None:
    """Write text of our own (help, a completion script) to stdout; raises ClosedPipeError."""
    with stdout() as stream:
        stream.write(encoded(text, sys.stdout.encoding))


def flush() -> None:
    """Push out what stdout still holds; raises ClosedPipeError."""
    with stdout():
        pass


def forget_stdout() -> None:
    """Point stdout at nothing, so that the interpreter has nothing to complain of when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def stdout() -> Iterator[BinaryIO]:
    """Yield what data is written to; raises ClosedPipeError when nobody reads it any more."""
    try:
        yield sys.stdout.buffer
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ClosedPipeError from error
    except OSError as error:
        if error.errno == errno.EINVAL and os.name == "nt":  # how Windows spells a closed pipe
            raise ClosedPipeError from error
        raise


def _write_text(stream: TextIO, text: str) -> None:
    stream.flush()
    stream.buffer.write(encoded(text, stream.encoding))
    stream.flush()


def is_dumb() -> bool:
    """Whether the terminal can do nothing but print."""
    return os.environ.get("TERM") == "dumb"


def wants_colour(stream: TextIO) -> bool:
    """Whether somebody looks at the stream, and did not refuse colours."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and not is_dumb()


def width() -> int:
    """Return how many columns there are to fill."""
    return max(40, shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns)


@contextmanager
def sieved(noise: bytes) -> Iterator[None]:
    """Let processes that are started meanwhile write to our stderr, all but lines of noise.

    Args:
        noise: what such lines begin with.
    """
    inlet, outlet = os.pipe()
    ours = os.dup(_STDERR)
    sieve = Thread(target=_sieve, args=(inlet, ours, noise), daemon=True)
    sieve.start()
    os.dup2(outlet, _STDERR)
    os.close(outlet)
    is_up = False
    try:
        yield
        is_up = True
    finally:
        os.dup2(ours, _STDERR)
        if not is_up:
            sieve.join(_LAST_WORDS)


def _sieve(inlet: int, ours: int, noise: bytes) -> None:
    """Pass on what comes until all who write have gone; hold back only what may become noise."""
    held = b""
    with suppress(OSError), open(inlet, "rb", buffering=0) as said, open(ours, "wb", 0) as heard:
        while chunk := said.read(1 << 16):
            *lines, held = (held + chunk).split(b"\n")
            for line in lines:
                if not line.startswith(noise):
                    heard.write(line + b"\n")
            if not noise.startswith(held[: len(noise)]):
                heard.write(held)
                held = b""
