"""The page of `prove`: what the file would show, and how to get it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.pages.verify import facts
from tui.paint import Canvas, column, faint, grid, rendered

Json = Mapping[str, Any]


def paint(canvas: Canvas, document: Json) -> None:
    """Paint what `prove` has found."""
    canvas.put(f"Entry {document['entry']['index']} can be proved.")
    canvas.blank()
    canvas.rows(rendered(facts(canvas, document), grid(column(), column(fold=True))))
    canvas.blank()
    canvas.paragraph(
        faint("Write the proof to a file with -o FILE. Whoever is to check it needs from you, by"),
        faint(" another way, the checkpoint (keyledger checkpoint) or the public key."),
    )
