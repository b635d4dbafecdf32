"""Keys: every binding of the dashboard; help, footer, palette and keymap are made from this table.

A binding's id is its name in the config file (`keyledger config show`). Nothing here needs Textual,
so that a config file can be checked without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Key:
    """One binding.

    Attributes:
        id: its name in a keymap.
        keys: what is pressed by default, as Textual spells it, alternatives with commas between.
        action: what is done, as Textual spells it.
        label: a word or two for the footer and the palette.
        tooltip: a sentence for the help.
        footer: whether the footer has room for it.
    """

    id: str
    keys: str
    action: str
    label: str
    tooltip: str
    footer: bool = False


KEYS: Final[Mapping[str, tuple[Key, ...]]] = {
    "Move through time": (
        Key("play", "space", "play", "play", "Play, or pause.", footer=True),
        Key("next-event", "full_stop,right", "step(1)", "next event", "Go to the next event."),
        Key("previous-event", "comma,left", "step(-1)", "previous event",
            "Go to the previous event."),
        Key("next-turn", "right_square_bracket", "turn(1)", "next turn",
            "Go to the next change of a verdict, or another critical change.", footer=True),
        Key("previous-turn", "left_square_bracket", "turn(-1)", "last turn",
            "Go to the previous change of a verdict, or another critical change.", footer=True),
        Key("next-change", "greater_than_sign", "change(1)", "next change of it",
            "Go to the next change of the key or database that is selected."),
        Key("previous-change", "less_than_sign", "change(-1)", "previous change of it",
            "Go to the previous change of the key or database that is selected."),
        Key("save", "s", "last_chance", "last chance",
            "Go to the last second at which the database could have been saved.", footer=True),
        Key("writer", "b", "writer", "who wrote it",
            "Go to the event that last wrote the selected field of the State panel."),
        Key("seek", "g", "seek", "go to", "Go to a time, a share, an entry or an event.",
            footer=True),
        Key("minute-back", "m", "skip(-60)", "a minute back", "Go back by a minute."),
        Key("minute-on", "M", "skip(60)", "a minute on", "Go on by a minute."),
        Key("hour-back", "o", "skip(-3600)", "an hour back", "Go back by an hour."),
        Key("hour-on", "O", "skip(3600)", "an hour on", "Go on by an hour."),
        Key("day-back", "d", "skip(-86400)", "a day back", "Go back by a day."),
        Key("day-on", "D", "skip(86400)", "a day on", "Go on by a day."),
        Key("start", "home", "share(0)", "first event", "Go to the first event."),
        Key("end", "end", "share(100)", "last event", "Go to the last event."),
        *(
            Key(f"share-{share}", str(share // 10), f"share({share})", f"{share} %",
                f"Go to {share} percent of the way from the first event to the last.")
            for share in range(0, 100, 10)
        ),
        Key("faster", "plus", "speed(1)", "faster", "Play twice as fast."),
        Key("slower", "minus", "speed(-1)", "slower", "Play half as fast."),
        Key("follow", "f", "follow", "follow", "Watch for new entries; at the end, go with them."),
    ),
    "Look closer": (
        Key("filter", "slash", "filter", "filter", "Show only events with these words.",
            footer=True),
        Key("next-match", "n", "step(1)", "next match", "Go to the next event that matches."),
        Key("previous-match", "N", "step(-1)", "previous match",
            "Go to the previous event that matches."),
        Key("clear", "escape", "clear", "clear",
            "Give up waiting; or clear the filter, the context, the mark."),
        Key("context", "c", "context", "context", "Narrow everything to 15 minutes around here."),
        Key("zoom-in", "z", "zoom(-1)", "zoom in", "Show a quarter of the time, around here."),
        Key("zoom-out", "Z", "zoom(1)", "zoom out", "Show four times as much time."),
        Key("mark", "equals_sign", "mark", "mark", "Mark this moment; Diff compares with it."),
        Key("bookmark", "asterisk", "bookmark", "bookmark",
            "Keep this moment, for the next sitting too, or drop it."),
        Key("bookmarks", "apostrophe", "bookmarks", "bookmarks", "List the kept moments."),
        Key("drill", "enter", "drill", "look in",
            "Look into what is under the cursor.", footer=True),
        Key("back", "backspace", "back", "back", "Go back to where you were before."),
        Key("next-pane", "tab", "app.focus_next", "next pane", "Go to the next pane."),
        Key("previous-pane", "shift+tab", "app.focus_previous", "previous pane",
            "Go to the previous pane."),
    ),
    "Do something": (
        Key("cross-out", "x", "cross_out", "what if",
            "Cross the event out and see what would have been without it.", footer=True),
        Key("reset", "X", "reset", "as it was", "Take back what was crossed out."),
        Key("what-if", "W", "what_if", "what is supposed",
            "Show what is crossed out and what it changes."),
        Key("copy", "y", "copy", "copy", "Copy the line under the cursor."),
        Key("copy-command", "Y", "copy_command", "copy command",
            "Show and copy the command that answers the same.", footer=True),
        Key("export", "e", "export", "export", "Write what is shown into a file."),
        Key("zone", "T", "zone", "time zone", "Show times in UTC, or in the local zone."),
        Key("help", "question_mark", "help", "help", "Show every key.", footer=True),
        Key("palette", "colon,ctrl+p", "app.command_palette", "palette",
            "Search every action by name."),
        Key("quit", "q", "app.quit", "quit", "Leave.", footer=True),
    ),
    "Screens": (
        Key("replay", "f2", "screen('replay')", "replay",
            "Replay: keys, events and the inspector at the playhead."),
        Key("lanes", "f3", "screen('lanes')", "lanes",
            "Lanes: every database's verdict through time."),
        Key("findings", "f4", "screen('findings')", "findings",
            "Findings: what deserves attention, gravest first."),
        Key("actors", "f5", "screen('actors')", "actors",
            "Actors: who did what, and what came of it."),
        Key("query", "f6", "screen('query')", "query",
            "Query: forensic questions, and SQL of your own."),
        Key("evidence", "f7", "screen('evidence')", "evidence",
            "Evidence: is the ledger whole, where it comes from, where it is silent."),
    ),
}  # fmt: skip
"""Every binding that holds everywhere, by the heading under which the help lists it."""

LISTS: Final = (
    Key("row-up", "up", "move(-1)", "up", "Go a row up."),
    Key("row-down", "down", "move(1)", "down", "Go a row down."),
    Key("page-up", "pageup", "page(-1)", "page up", "Go a page up."),
    Key("page-down", "pagedown", "page(1)", "page down", "Go a page down."),
)
"""What holds in every list and text, beside that which holds everywhere."""

SQL: Final = (
    Key("sql-before", "up", "recall(-1)", "before", "Put what was asked before into the line."),
    Key("sql-after", "down", "recall(1)", "after", "Put what was asked after that into the line."),
)
"""What holds in the line for SQL."""

PROMPT: Final = (
    Key("prompt-leave", "escape", "dismiss(None)", "leave", "Leave without an answer."),
)
"""What holds while something is to be typed."""

CHOICE: Final = (
    Key("choice-leave", "escape", "dismiss(None)", "leave", "Leave without taking any."),
    Key("choice-take", "enter", "take", "take", "Take the row under the cursor."),
)
"""What holds while one of several rows is to be taken."""

WHAT_IF: Final = (
    Key("what-if-leave", "escape", "dismiss(None)", "leave", "Leave."),
    Key("what-if-count", "enter,x", "let_count", "let it count",
        "Let the event under the cursor count again."),
)  # fmt: skip
"""What holds on the list of what is supposed."""

HELP: Final = (Key("help-leave", "escape,question_mark,q", "dismiss", "leave", "Leave."),)
"""What holds on the help."""

NAMES: Final[Mapping[str, str]] = {
    "full_stop": ".", "comma": ",", "right_square_bracket": "]", "left_square_bracket": "[",
    "greater_than_sign": ">", "less_than_sign": "<", "plus": "+", "minus": "-", "slash": "/",
    "equals_sign": "=", "asterisk": "*", "apostrophe": "'", "question_mark": "?", "colon": ":",
    "left": "←", "right": "→", "up": "↑", "down": "↓", "enter": "⏎", "backspace": "⌫",
    "escape": "Esc", "space": "Space", "home": "Home", "end": "End", "tab": "Tab",
    "shift+tab": "⇧Tab", "pageup": "PgUp", "pagedown": "PgDn",
}  # fmt: skip
"""How keys are shown whose names are longer than what is printed on them."""


def cap(keymap: Mapping[str, str], name: str) -> str:
    """Return what is printed on the key of a binding, the first where it has several.

    Args:
        keymap: keys by binding id, where they are not the usual ones.
        name: id of a binding that holds everywhere, or over the screen.
    """
    every = (key for keys in (*KEYS.values(), WHAT_IF, HELP) for key in keys)
    usual = next(key.keys for key in every if key.id == name)
    return shown(keymap.get(name, usual).split(",")[0])


def shown(keys: str) -> str:
    """Return keys as a person reads them: `. →`."""
    return " ".join(_shown(key.strip()) for key in keys.split(","))


def _shown(key: str) -> str:
    if key.startswith("f") and key[1:].isdigit():
        return key.upper()
    return NAMES.get(key, key.replace("ctrl+", "^"))
