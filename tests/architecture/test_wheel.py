"""What is shipped: the three rooms and the stories, and nothing that is only for building them."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.golden import ROOT
from tests.simulator.stories import STORIES


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in a wheel that is built from this checkout."""
    if find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed here; the tests extra brings it along")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


def test_every_module_of_the_three_rooms_is_in_the_wheel(shipped: list[str]) -> None:
    for room in ("ledger", "analyzer", "tui"):
        modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / room).rglob("*.py")}
        assert modules
        assert modules <= set(shipped)


def test_every_query_of_the_catalogue_is_in_the_wheel(shipped: list[str]) -> None:
    queries = {path.relative_to(ROOT).as_posix() for path in (ROOT / "analyzer").rglob("*.sql")}
    assert queries
    assert queries <= set(shipped)


def test_every_file_of_every_story_is_in_the_wheel(shipped: list[str]) -> None:
    stories = ROOT / "samples" / "stories"
    files = {_installed(path, stories) for path in stories.rglob("*") if path.is_file()}
    assert len({name.split("/")[3] for name in files}) == len(STORIES)
    assert files <= set(shipped)


def test_nothing_else_is_in_the_wheel(shipped: list[str]) -> None:
    tops = {name.split("/")[0] for name in shipped}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"ledger", "analyzer", "tui"}
    assert not [name for name in shipped if "decisions" in name or name.endswith((".pyc", ".db"))]


def test_the_types_and_the_licence_are_shipped(shipped: list[str]) -> None:
    assert {f"{room}/py.typed" for room in ("ledger", "analyzer", "tui")} <= set(shipped)
    assert any(name.endswith("/licenses/LICENSE") for name in shipped)


def _installed(path: Path, stories: Path) -> str:
    return f"tui/samples/stories/{path.relative_to(stories).as_posix()}"
