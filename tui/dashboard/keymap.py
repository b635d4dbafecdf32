"""The keymap: every binding that a config file can move, by id."""

from __future__ import annotations

from collections.abc import Mapping

from tui.dashboard.keys import KEYS, Key
from tui.dashboard.panels import PANELS

PANEL_SECTION = "Panels"


def bindings() -> Mapping[str, tuple[Key, ...]]:
    """Return every binding by section, those that bring a panel to the front included."""
    panels = tuple(
        Key(
            panel.binding_id(),
            panel.KEY,
            f"panel('{panel.TITLE}')",
            panel.TITLE.lower(),
            f"{panel.TITLE}: {' '.join((panel.__doc__ or '').split())}",
        )
        for panel in PANELS
    )
    return {**KEYS, PANEL_SECTION: panels}


def usual_keys() -> dict[str, str]:
    """Return what is pressed by default, by binding id."""
    return {key.id: key.keys for keys in bindings().values() for key in keys}
