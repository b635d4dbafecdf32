"""What the ledger holds, and what does not hold together."""

from __future__ import annotations

import ledger.errors as sealing
from tui.console import ExitCode
from tui.sentence import Sentence


def told(error: Exception) -> Sentence | None:
    """Return what to tell of it; None where it is none of these."""
    match error:
        case sealing.BrokenError():
            return Sentence(
                text=f"the ledger is broken: {error}",
                code=ExitCode.BROKEN,
                ways_out=("see where it begins with: keyledger audit",),
            )
        case sealing.UncheckedError():
            return Sentence(text=error.detail, code=ExitCode.INCOMPLETE)
        case sealing.ForkError():
            return Sentence(
                text=f"the ledger does not extend it: at {error.size} entries {error.detail}",
                code=ExitCode.BROKEN,
                ways_out=("see what is left of the ledger with: keyledger audit",),
            )
        case sealing.ResidueError():
            return Sentence(
                text=f"what was redacted is gone, but old pages of {error.path} may still hold it:"
                f" {error.detail}",
                ways_out=("clear them with: keyledger redact --clear",),
            )
        case _:
            return None
