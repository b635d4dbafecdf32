"""The keymap: every binding that a config file can move, by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tui.dashboard.keys import CHOICE, HELP, KEYS, LISTS, PROMPT, SQL, WHAT_IF, Key
from tui.dashboard.panels import PANELS

PANEL_SECTION = "Panels"


def everywhere() -> Mapping[str, tuple[Key, ...]]:
    """Return by section what holds on every screen, what brings a panel to the front included."""
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


def bindings() -> Mapping[str, tuple[Key, ...]]:
    """Return every binding by section, those of lists and of what comes over them included."""
    return {
        **everywhere(),
        "In lists and texts": LISTS,
        "In the line for SQL": SQL,
        "Where something is typed": PROMPT,
        "Where one of several is taken": CHOICE,
        "On the list of what is supposed": WHAT_IF,
        "On this help": HELP,
    }


def scopes() -> Iterator[Sequence[Key]]:
    """Yield which bindings hold at the same time: no key may do two things in one of these."""
    yield tuple(key for keys in (*everywhere().values(), LISTS) for key in keys)
    yield SQL
    yield PROMPT
    yield from ((*LISTS, *modal) for modal in (CHOICE, WHAT_IF, HELP))


def usual_keys() -> dict[str, str]:
    """Return what is pressed by default, by binding id."""
    return {key.id: key.keys for keys in bindings().values() for key in keys}
