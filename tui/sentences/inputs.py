"""Inputs: assumptions, rules, suppressions, files, and the processes that read them."""

from __future__ import annotations

import analyzer.errors as reading
from tui.console import ExitCode
from tui.sentence import Sentence


def told(error: Exception) -> Sentence | None:
    """Return what to tell of it; None where it is none of these."""
    match error:
        case reading.UnreadableAssumptionError():
            problem = f": {error.problem}" if error.problem else ""
            return Sentence(
                text=f"cannot read the assumption {error.text!r}{problem}",
                code=ExitCode.USAGE,
                ways_out=("accepted forms:", *(f"  {one}" for one in error.forms)),
            )
        case reading.UnknownRulesError():
            return Sentence(
                text=f"no rules are named {error.name!r}",
                code=ExitCode.USAGE,
                ways_out=(f"there are, oldest first: {', '.join(error.names)}",),
            )
        case reading.SuppressionError():
            which = "" if error.number is None else f", entry {error.number}"
            return Sentence(
                text=f"the suppressions cannot be relied on{which}: {error.detail}",
                code=ExitCode.USAGE,
                ways_out=("each entry needs rule, resource, reason and until",),
            )
        case reading.MisspelledError():
            return Sentence(text=f"{error.name} is no {error.wanted}: {error.detail}")
        case reading.WorkerLostError():
            return Sentence(
                text="a process that read sources was ended from outside",
                ways_out=(
                    "what was sealed is whole; the same command again completes it",
                    "where memory is short: --workers 0",
                ),
            )
        case _:
            return None
