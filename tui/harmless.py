"""Log content is hostile: what of it may reach a terminal, a spreadsheet or a page of Markdown."""

from __future__ import annotations

import re
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF100
"""What a spreadsheet takes for the beginning of a formula."""

_JSON_HAZARD = re.compile("[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What JSON allows unescaped inside strings and a terminal nevertheless obeys."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def harmless(text: str) -> str:
    r"""Return *text* on one line with everything that does not print spelled as an escape.

    Control characters, escape sequences, bidirectional controls, zero-width characters, lone
    surrogates and line ends all become `\x1b`, `\u202e` and the like.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else _escape(character) for character in text
    )


def harmless_json(text: str) -> str:
    r"""Return the same JSON with the characters that steer a terminal spelled `\uXXXX`.

    Args:
        text: valid JSON; such characters can stand only inside its strings.
    """
    return _JSON_HAZARD.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def harmless_cell(text: str) -> str:
    """Return *text* for a CSV cell: harmless, and no formula to a spreadsheet."""
    guarded = "'" + text if text.startswith(_FORMULA) else text
    return harmless(guarded)


def harmless_markdown(text: str) -> str:
    """Return *text* for a cell of a Markdown table: harmless, without markup, links or HTML."""
    return _MARKDOWN.sub(r"\\\1", harmless(text)).replace("&", "&amp;").replace(r"\<", "&lt;")


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
