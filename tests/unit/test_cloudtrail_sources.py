"""Arguments to sources: in order, each once, whatever the file system holds."""

from __future__ import annotations

import os
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from analyzer.cloudtrail.errors import SourceError
from analyzer.cloudtrail.sources import Source, find_sources, open_source

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b/2.json", "b/1.json", "a/x/z", "c.txt", ".hidden", ".git/config"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def names(folder: Path, *arguments: str) -> list[str]:
    prefix = f"{folder}{os.sep}"
    return [source.name.removeprefix(prefix) for source in find_sources(arguments)]


def test_arguments_keep_their_order_and_directories_are_sorted(folder: Path) -> None:
    arguments = (str(folder / "c.txt"), str(folder / "b"), str(folder / "a"))
    assert names(folder, *arguments) == ["c.txt", "b/1.json", "b/2.json", "a/x/z"]


def test_a_directory_is_walked_to_the_bottom_without_what_is_hidden(folder: Path) -> None:
    assert names(folder, str(folder)) == ["a/x/z", "b/1.json", "b/2.json", "c.txt"]


def test_a_hidden_file_that_is_named_is_read(folder: Path) -> None:
    assert names(folder, str(folder / ".hidden")) == [".hidden"]


def test_patterns_are_expanded_where_the_shell_has_not(folder: Path) -> None:
    assert names(folder, str(folder / "b" / "*.json")) == ["b/1.json", "b/2.json"]
    assert names(folder, str(folder / "**" / "?.json")) == ["b/1.json", "b/2.json"]
    assert names(folder, str(folder / "[ab]")) == ["a/x/z", "b/1.json", "b/2.json"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "logs[1].json").write_bytes(b"")
    assert names(tmp_path, str(tmp_path / "logs[1].json")) == ["logs[1].json"]


def test_a_file_that_is_reached_twice_is_one_source(folder: Path) -> None:
    (folder / "link.json").symlink_to(folder / "c.txt")
    os.link(folder / "c.txt", folder / "same.txt")
    arguments = (str(folder / "c.txt"), str(folder), str(folder / "b" / ".." / "c.txt"))
    assert names(folder, *arguments) == ["c.txt", "a/x/z", "b/1.json", "b/2.json"]


def test_links_are_followed_and_their_loops_are_not(folder: Path, tmp_path_factory: Any) -> None:
    elsewhere: Path = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "far.json").write_bytes(b"")
    (folder / "a" / "link").symlink_to(elsewhere)
    (folder / "a" / "loop").symlink_to(folder)
    assert names(folder, str(folder)) == [
        "a/link/far.json",
        "a/x/z",
        "b/1.json",
        "b/2.json",
        "c.txt",
    ]


def test_what_is_not_there_is_a_source_with_a_problem(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").symlink_to("nowhere")
    arguments = [str(tmp_path / name) for name in ("missing", "*.gz", "empty", "broken")]
    problems = [source.problem or "" for source in find_sources(arguments)]
    expected = ["no such file", "no file matches", "no files in this directory", "cannot be opened"]
    assert all(part in problem for part, problem in zip(expected, problems, strict=True))
    for source in find_sources(arguments):
        with pytest.raises(SourceError):
            open_source(source, None)


def test_pipes_in_a_directory_are_left_out(folder: Path) -> None:
    os.mkfifo(folder / "b" / "pipe")
    assert names(folder, str(folder / "b")) == ["b/1.json", "b/2.json"]


def test_the_standard_input_is_one_source_however_often_it_is_named() -> None:
    (source,) = find_sources(["-", "-"])
    assert open_source(source, BytesIO(b"x")).read() == b"x"
    with pytest.raises(SourceError):
        open_source(source, None)


def test_the_ledger_itself_is_no_source_unless_it_is_named(folder: Path) -> None:
    ledger = str(folder / "c.txt")
    found = [source.path for source in find_sources([str(folder)], [ledger])]
    assert ledger not in found
    assert len(found) == 3
    assert [source.path for source in find_sources([ledger], [ledger])] == [ledger]


def test_names_that_are_no_text_can_be_printed(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.json"
    with open(path, "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write(b"x")
    (source,) = find_sources([str(tmp_path)])
    assert source.name.endswith("caf\\xe9.json")
    source.name.encode()
    with open_source(source, None) as stream:
        assert stream.read() == b"x"


def test_a_directory_cannot_be_opened_as_a_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be opened"):
        open_source(Source(name="x", path=str(tmp_path)), None)
