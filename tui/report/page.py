"""Page: the one door to jinja2; a case as one HTML file that loads nothing and runs nothing.

Every value is made harmless first (no control, no bidirectional character survives) and escaped
then. The policy in the page allows its own style sheet, by its hash, and nothing else.
"""

from __future__ import annotations

import base64
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tui import people
from tui.harmless import harmless
from tui.report import context
from tui.report.chart import LEGEND
from tui.words import numbered

FOLDER = Path(__file__).parent


def html(page: context.Page) -> str:
    """Return the page."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    css = (FOLDER / "page.css").read_text(encoding="utf-8")
    return environment.get_template("page.html.j2").render(
        page=page,
        css=Markup(css),  # noqa: S704 - our own file
        digest=base64.b64encode(sha256(css.encode()).digest()).decode(),
        decisive={one["entry"] for one in page.document["explain"]["decisive"]},
        actor=people.actor,
        clock=context.clock,
        condition=context.condition,
        coverage=context.coverage,
        gloss=context.gloss,
        holds=context.holds,
        legend=LEGEND,
        numbered=numbered,
        stretch=context.stretch,
    )


def _harmless(value: Any) -> Any:
    """Spell out what does not print; lines of our own making keep their ends."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return "\n".join(harmless(line) for line in value.split("\n"))
    return value
