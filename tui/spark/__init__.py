"""What `keyledger spark` does, one subcommand a module; `SUBCOMMANDS` is the shelf."""

from __future__ import annotations

from typing import Final

SUBCOMMANDS: Final = (
    ("seal", "tui.spark.seal"),
    ("replay", "tui.spark.replay"),
    ("query", "tui.spark.query"),
)
