"""The line below a page's title: which moment, how much was known, and by whose rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.paint import Canvas, faint, plain
from tui.words import counted

Json = Mapping[str, Any]


def paint(canvas: Canvas, document: Json, *parts: str) -> None:
    """Paint what an answer rests on.

    Args:
        canvas: where to paint.
        document: an answer with `known_at` and `rules`.
        parts: what to say before that, for instance the place and the moment.
    """
    known = f"knowing {counted(document['known_at'], 'entry', 'entries')}"
    canvas.put(faint(" · ".join((*parts, known))))
    if document["rules"] is not None:
        rules = document["rules"]
        canvas.put(plain(f"every loss judged by the rules '{rules['name']}'", "yellow"))
        canvas.put(faint(rules["source"]))
