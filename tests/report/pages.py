"""Pages: what keyledger reports, and what a reader of HTML sees of it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.cli.terminal import keyledger
from tui.console import ExitCode

Json = dict[str, Any]


def reported(ledger: Path, *arguments: str) -> str:
    done = keyledger("report", *arguments, "--ledger", str(ledger))
    assert done.code is ExitCode.DONE, done.err
    return done.out


class Seen(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]
