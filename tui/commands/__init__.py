"""The shelf of commands: name and module, in the order of `--help`; a module offers `command`."""

from __future__ import annotations

from typing import Final

COMMANDS: Final = (
    ("ingest", "tui.commands.ingest"),
    ("audit", "tui.commands.audit"),
    ("checkpoint", "tui.commands.checkpoint"),
    ("prove", "tui.commands.prove"),
    ("verify", "tui.commands.verify"),
    ("state", "tui.commands.state"),
    ("explain", "tui.commands.explain"),
    ("timeline", "tui.commands.timeline"),
    ("blast", "tui.commands.blast"),
    ("diff", "tui.commands.diff"),
    ("whatif", "tui.commands.whatif"),
    ("gaps", "tui.commands.gaps"),
    ("find", "tui.commands.find"),
    ("query", "tui.commands.query"),
    ("warehouse", "tui.commands.warehouse"),
    ("report", "tui.commands.report"),
    ("export", "tui.commands.export"),
    ("rejects", "tui.commands.rejects"),
    ("redact", "tui.commands.redact"),
    ("undecoded", "tui.commands.undecoded"),
    ("fleet", "tui.commands.fleet"),
    ("spark", "tui.commands.spark"),
    ("tui", "tui.commands.tui"),
    ("demo", "tui.commands.demo"),
    ("config", "tui.commands.config"),
    ("completion", "tui.commands.completion"),
)
