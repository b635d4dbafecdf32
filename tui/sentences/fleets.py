"""Many ledgers asked as one."""

from __future__ import annotations

import analyzer.errors as reading
import ledger.errors as sealing
from tui.console import ExitCode
from tui.sentence import Sentence


def told(error: Exception) -> Sentence | None:
    """Return what to tell of it; None where it is none of these."""
    match error:
        case reading.UncoveredEntryError():
            return Sentence(
                text=f"no checkpoint of the fleet covers {error.name} of shard {error.shard} yet",
                ways_out=("make one with: keyledger fleet checkpoint FOLDER",),
            )
        case reading.NoFleetError():
            made = "keyledger ingest SOURCE… --ledger FOLDER/ACCOUNT/REGION.db"
            return Sentence(
                text=f"there is no fleet in {error.name}: {error.detail}",
                ways_out=(f"make a shard with: {made}",),
            )
        case reading.ShardError():
            is_broken = isinstance(error.error, sealing.BrokenError | sealing.ForkError)
            return Sentence(
                text=f"shard {error.shard}: {error.error}",
                code=ExitCode.BROKEN if is_broken else ExitCode.FAILED,
                ways_out=("see what is left of it with: keyledger fleet audit FOLDER",),
            )
        case _:
            return None
