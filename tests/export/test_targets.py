"""Where an export is written: nothing is overwritten unasked, nothing is left half done."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from analyzer.export import rows
from tests.cli.terminal import keyledger
from tests.export.exports import exported, made
from tests.ingested import record, spelled, trail
from tui.console import ExitCode
from tui.draft import drafted


@pytest.mark.parametrize("form", ["jsonl", "csv", "timesketch", "ocsf", "ledger", "parquet"])
def test_nothing_is_overwritten_unless_asked(stories: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / "there"
    path.write_text("mine")
    arguments = ("export", form, "-o", str(path), "--ledger", str(stories))
    refused = keyledger(*arguments)
    assert refused.code is ExitCode.FAILED
    assert "exists already" in refused.err
    assert path.read_text() == "mine"
    if form != "parquet":
        assert keyledger(*arguments, "--force").code is ExitCode.DONE


def test_a_folder_that_is_no_export_is_never_replaced(stories: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thing").write_text("mine")
    arguments = ("export", "parquet", "-o", str(tmp_path / "precious"), "--ledger", str(stories))
    done = keyledger(*arguments, "--force")
    assert done.code is ExitCode.FAILED
    assert "no earlier export" in done.err
    assert (tmp_path / "precious" / "thing").read_text() == "mine"
    folder = exported(stories, "parquet", "twice")
    again = keyledger("export", "parquet", "-o", str(folder), "--ledger", str(stories), "--force")
    assert again.code is ExitCode.DONE


def half_a_file(target: Path) -> None:
    with drafted(target) as draft:
        draft.write_text("half")
        raise KeyboardInterrupt


def half_a_folder(target: Path) -> None:
    with drafted(target) as draft:
        draft.mkdir()
        (draft / "file").write_text("half")
        raise KeyboardInterrupt


def test_a_failure_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("before")
    for half in (half_a_file, half_a_folder):
        with pytest.raises(KeyboardInterrupt):
            half(target)
    assert [path.name for path in tmp_path.iterdir()] == ["target"]
    assert target.read_text() == "before"


def test_a_stream_is_written_to_stdout(tmp_path: Path) -> None:
    ledger = made(tmp_path, trail(record(1), record(2)))
    done = keyledger("export", "jsonl", "-o", "-", "--ledger", str(ledger))
    assert done.stdout == spelled(record(1)) + b"\n" + spelled(record(2)) + b"\n"
    told = csv.DictReader(
        io.StringIO(keyledger("export", "csv", "-o", "-", "--ledger", str(ledger)).out)
    )
    assert tuple(told.fieldnames or ()) == rows.COLUMNS


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "xml", "-o", "x"), ("export", "jsonl"), ("export", "parquet", "-o", "-"),
        ("export", "ledger", "-o", "x", "--since", "2026-01-01"),
        ("export", "csv", "-o", "x", "--since", "soon"), ("export", "ledger", "-o", "-"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_a_mistake_of_usage(
    stories: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = keyledger(*arguments, "--ledger", str(stories), cwd=tmp_path)
    assert done.code is ExitCode.USAGE
    assert list(tmp_path.iterdir()) == []


def test_raw_records_do_not_reach_a_terminal(stories: Path) -> None:
    done = keyledger("export", "jsonl", "-o", "-", "--ledger", str(stories), is_terminal=True)
    assert done.code is ExitCode.USAGE
    assert done.out == ""
