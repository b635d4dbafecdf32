"""The keys with which a ledger signs."""

from __future__ import annotations

import ledger.errors as sealing
from tui.sentence import Sentence


def told(error: Exception) -> Sentence | None:
    """Return what to tell of it; None where it is none of these."""
    match error:
        case sealing.KeyFileError():
            return Sentence(
                text=f"the key at {error.path} cannot be used: {error.detail}",
                ways_out=("name another with --key-file",),
            )
        case sealing.WrongKeyError():
            wanted = error.wanted or "a key under the ledger's own name"
            return Sentence(
                text=f"the key at {error.path} is not the one with which this ledger signs",
                ways_out=(f"there: {error.given}", f"wanted: {wanted}", "name it with --key-file"),
            )
        case sealing.KeyTakenError():
            return Sentence(
                text=f"the ledger signs with {error.key} already",
                ways_out=("replace that key with: keyledger checkpoint --rotate-key",),
            )
        case sealing.NoKeyError(key=None):
            return Sentence(
                text="the ledger has no key to replace",
                ways_out=("make one with: keyledger checkpoint --init-key",),
            )
        case sealing.NoKeyError():
            return Sentence(
                text=f"there is no key at {error.path}; the ledger signs with {error.key}",
                ways_out=(
                    "name its file with --key-file",
                    "if it is lost: keyledger checkpoint --rotate-key --lost",
                ),
            )
        case _:
            return None
