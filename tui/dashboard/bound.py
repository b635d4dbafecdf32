"""Bound: bindings of the keymap as Textual takes them."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from tui.dashboard.keys import Key


def bound(keys: Iterable[Key]) -> list[BindingType]:
    """Return Textual's bindings; their ids are the names under which a config file moves them."""
    return [
        Binding(key.keys, key.action, key.label, id=key.id, tooltip=key.tooltip, show=False)
        for key in keys
    ]
