"""Only console and streams touch stdout and stderr, and only the session looks at the clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.golden import ROOT

SOURCES = [path for room in ("ledger", "analyzer", "tui") for path in (ROOT / room).rglob("*.py")]
WRITERS = {"tui/console.py", "tui/streams.py", "ledger/__main__.py"}
CLOCKS = {"tui/session.py"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_neither_writes_nor_reads_the_clock_unless_that_is_its_task(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    used = set(_dotted(ast.parse(path.read_text())))
    if name not in WRITERS:
        assert not used & {"print", "sys.stdout", "sys.stderr", "click.echo", "click.secho"}
    if name not in CLOCKS:
        assert not used & {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow"}


def test_the_check_above_sees_writers_and_clocks() -> None:
    streams = ast.parse((ROOT / "tui/streams.py").read_text())
    session = ast.parse((ROOT / "tui/session.py").read_text())
    assert "sys.stdout" in set(_dotted(streams))
    assert "time.time_ns" in set(_dotted(session))


def _dotted(tree: ast.AST) -> Iterator[str]:
    """Yield every name that is used, with the module before it where there is one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"
