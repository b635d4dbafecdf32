"""A real browser: it shows the page, and enforces what the page forbids."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.report.pages import reported

CHROMIUM: Final = next(
    (found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None
)


def complaints(page: Path) -> Iterator[str]:
    """What Chromium says of a page on its console; violations of the policy are among it."""
    assert CHROMIUM is not None
    command = [
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
        "--disable-background-networking", "--virtual-time-budget=1000",
        f"--user-data-dir={page.parent / 'profile'}", "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert b"</html>" in done.stdout
    yield from (line for line in done.stderr.decode().splitlines() if "CONSOLE" in line)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed here")
def test_a_real_browser_shows_it_without_a_complaint(stories: Path, tmp_path: Path) -> None:
    page = tmp_path / "case.html"
    page.write_text(reported(stories, "payroll"))
    assert list(complaints(page)) == []


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed here")
def test_the_check_above_hears_the_policy_refuse(stories: Path, tmp_path: Path) -> None:
    page = tmp_path / "case.html"
    told = reported(stories, "payroll")
    page.write_text(told.replace("<main>", '<main><img src="https://127.0.0.1:9/x.png" alt="">'))
    assert any("Content Security Policy" in line for line in complaints(page))
