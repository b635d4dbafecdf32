"""The contract of a sentence: what to tell of an error; the shelf is `tui/sentences`."""

from __future__ import annotations

from dataclasses import dataclass

from tui.console import ExitCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What to tell of an error.

    Attributes:
        text: what happened, one line.
        code: how the process ends.
        ways_out: what the person can do, a line each.
    """

    text: str
    code: ExitCode = ExitCode.FAILED
    ways_out: tuple[str, ...] = ()
