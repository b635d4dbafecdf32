"""What `keyledger fleet` does: what only a fleet has, a module each, and what a ledger answers too.

`SUBCOMMANDS` is the shelf of the former. `ASKED` are the commands that answer for `--ledger FOLDER`
as for a ledger's file; `tui.fleet.asking` gives them their second spelling.
"""

from __future__ import annotations

from typing import Final

SUBCOMMANDS: Final = (
    ("audit", "tui.fleet.audit"),
    ("checkpoint", "tui.fleet.checkpoint"),
    ("prove", "tui.fleet.prove"),
)

ASKED: Final = (
    "state", "explain", "timeline", "blast", "diff", "whatif", "gaps", "find", "query", "warehouse",
    "report", "export", "rejects", "undecoded", "tui",
)  # fmt: skip
