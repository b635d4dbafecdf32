"""The ledger's file: missing, taken, full, or no ledger at all."""

from __future__ import annotations

import shlex

import ledger.errors as sealing
from tui.sentence import Sentence


def told(error: Exception) -> Sentence | None:
    """Return what to tell of it; None where it is none of these."""
    match error:
        case sealing.LedgerMissingError():
            option = (
                ""
                if str(error.path) == "keyledger.db"
                else f" --ledger {shlex.quote(str(error.path))}"
            )
            return Sentence(
                text=f"there is no ledger at {error.path}",
                ways_out=(f"create one with: keyledger ingest SOURCE…{option}",),
            )
        case sealing.NotALedgerError():
            return Sentence(text=f"{error.path} is not a ledger: {error.detail}")
        case sealing.LedgerBusyError():
            return Sentence(
                text=f"another process is writing {error.path} (waited {error.waited:g} s)",
                ways_out=("try again when it has finished",),
            )
        case sealing.LedgerFullError():
            return Sentence(
                text=f"no room left to write {error.path}: {error.detail}",
                ways_out=("what was sealed before is whole; make room and run the same again",),
            )
        case sealing.LedgerReadOnlyError():
            return Sentence(
                text=f"{error.path} cannot be written: {error.detail}",
                ways_out=("choose a place that can be written with --ledger",),
            )
        case sealing.UnreadableError():
            return Sentence(
                text=f"cannot read {error.path}: {error.detail}",
                ways_out=("if it is a ledger, see what is left of it with: keyledger audit",),
            )
        case _:
            return None
