"""Pictures: `python -m tests.pictures` draws what really runs into `samples/pictures`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from rich.terminal_theme import TerminalTheme

from tests.cli.terminal import NOW, keyledger
from tests.dashboard.shots import shot
from tests.golden import ROOT
from tui.commands.demo import tell
from tui.console import Console, Wishes
from tui.pages import story
from tui.paint import Canvas
from tui.session import Session
from tui.stories import MAIN_STORY, stories_folder

DEMO = ROOT / "samples" / "pictures" / "demo.svg"
REPLAY = DEMO.with_name("replay.svg")
LANES = DEMO.with_name("lanes.svg")

SIZE = (120, 40)
"""Columns and lines of the dashboard's pictures."""
WIDTH = 100

_THEME = TerminalTheme(
    (22, 27, 34),
    (220, 226, 234),
    [(22, 27, 34), (255, 123, 114), (86, 211, 100), (227, 179, 65),
     (121, 192, 255), (210, 168, 255), (86, 212, 221), (201, 209, 217)],
    [(139, 148, 158), (255, 161, 152), (126, 231, 135), (242, 204, 96),
     (165, 214, 255), (226, 197, 255), (135, 222, 230), (255, 255, 255)],
)  # fmt: skip

_FRAME = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{ font-family: system-ui, sans-serif; font-size: 18px; font-weight: bold; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""
"""As rich's own, without fonts from elsewhere: the picture loads nothing."""


def demo() -> str:
    """Run the demo and return its picture; the same bytes every time."""
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        with tempfile.TemporaryDirectory() as folder:
            session = Session(
                ledger=Path(folder) / "keyledger.db",
                console=Console(Wishes(quiet=True, progress=False)),
                clock=lambda: NOW,
            )
            told = tell(session, is_kept=False)
    finally:
        os.chdir(before)
    canvas = Canvas(width=WIDTH, colour=True, zone=None, record=True)
    story.paint(canvas, told)
    return canvas.rich.export_svg(
        title="keyledger demo", theme=_THEME, code_format=_FRAME, unique_id="demo"
    )


def dashboard() -> dict[Path, str]:
    """Open the stories in the dashboard and return its pictures by the file they belong in."""
    with tempfile.TemporaryDirectory() as folder:
        payroll, every = Path(folder) / "payroll.db", Path(folder) / "all.db"
        for ledger, story in ((payroll, MAIN_STORY), (every, "")):
            keyledger("ingest", str(stories_folder() / story), "--ledger", str(ledger))
        return {
            REPLAY: shot(payroll, size=SIZE),
            LANES: shot(every, "f3", size=SIZE),
        }


if __name__ == "__main__":
    DEMO.parent.mkdir(parents=True, exist_ok=True)
    for path, drawn in {DEMO: demo(), **dashboard()}.items():
        path.write_text(drawn)
