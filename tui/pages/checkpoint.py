"""The page of `checkpoint`: the lines to keep, and who signed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.paint import Canvas, column, faint, grid, plain, rendered
from tui.words import counted

Json = Mapping[str, Any]


def paint(canvas: Canvas, document: Json) -> None:
    """Paint what `checkpoint` has made."""
    signed = document["signed_by"]
    rows = [
        [faint("size"), plain(counted(document["size"], "entry", "entries"))],
        [faint("signed by"), plain(", ".join(signed) if signed else "nobody")],
    ]
    if document["witness"] is not None:
        rows.append([faint("witness"), plain(document["witness"])])
    canvas.rows(rendered(rows, grid(column(), column(fold=True))))
    if document["key"] is not None:
        canvas.title("The public key", aside="give it to whoever is to verify")
        canvas.verbatim([document["key"]])
    canvas.title("The checkpoint", aside="keep these lines where nobody can change them: -o FILE")
    canvas.verbatim(document["note"].splitlines())
