"""What `keyledger fleet` does, one subcommand a module; `SUBCOMMANDS` is the shelf."""

from __future__ import annotations

from typing import Final

SUBCOMMANDS: Final = (
    ("audit", "tui.fleet.audit"),
    ("checkpoint", "tui.fleet.checkpoint"),
    ("prove", "tui.fleet.prove"),
    ("explain", "tui.fleet.explain"),
    ("query", "tui.fleet.query"),
    ("tui", "tui.fleet.tui"),
)
