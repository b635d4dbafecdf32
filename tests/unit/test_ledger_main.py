"""`python -m ledger audit FILE`, with the ledger room alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from ledger.keys import PrivateKey
from ledger.proving import prove
from ledger.store import Ledger
from tests.ledger_support import attacker, make, records

ROOM = Path(__file__).parents[2] / "ledger"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path / "test.db", [records(300)])


def alone(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a directory that holds a copy of the room and nothing else."""
    shutil.copytree(ROOM, directory / "ledger", ignore=shutil.ignore_patterns("__pycache__"))
    return subprocess.run(
        [sys.executable, "-P", "-c", RUN, str(directory), *arguments],
        capture_output=True,
        text=True,
        cwd=directory,
        check=False,
    )


RUN = """
import runpy, sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"analyzer", "tui", "tests", "cryptography"}:
            raise ImportError(f"{name} is not on this machine")
sys.meta_path.insert(0, Blocker())
sys.path.insert(0, sys.argv.pop(1))
sys.argv[0] = "ledger"
import ledger
assert ledger.__file__.startswith(sys.path[0]), ledger.__file__
runpy.run_module("ledger", run_name="__main__", alter_sys=True)
"""


def test_the_room_alone_audits_a_ledger(tmp_path: Path, path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = alone(elsewhere, "audit", str(path), "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["outcome"] == "intact"


def test_the_room_alone_verifies_and_says_what_it_cannot(tmp_path: Path, path: Path) -> None:
    """Without cryptography a signature is not checked, and not said to hold."""
    key = PrivateKey(name="tests", seed=bytes(32))
    with Ledger.open(path) as ledger:
        proof = prove(ledger, 7)
    (tmp_path / "kept.txt").write_text(str(proof.checkpoint))
    signed = replace(proof, checkpoint=proof.checkpoint.signed(key))
    (tmp_path / "proof").write_text(str(signed))
    given = (str(tmp_path / "proof"), "--checkpoint", str(tmp_path / "kept.txt"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = alone(elsewhere, "verify", *given)
    assert (done.returncode, done.stdout.partition("\n")[0]) == (0, "valid")
    shutil.rmtree(elsewhere / "ledger")
    done = alone(elsewhere, "verify", *given, "--key", str(key.public()))
    assert (done.returncode, done.stdout.partition("\n")[0]) == (5, "incomplete")
    assert "no signature can be checked here" in done.stdout


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["audit", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def as_json(capsys: pytest.CaptureFixture[str], path: Path) -> tuple[int, dict[str, Any]]:
    code, output, _ = run(capsys, str(path), "--format", "json")
    document: dict[str, Any] = json.loads(output)
    return code, document


def test_an_intact_ledger_is_zero(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    code, document = as_json(capsys, path)
    assert code == 0
    assert document.pop("root") != document.pop("link")
    assert document.pop("sqlite").count(".") == 2
    assert [note for note in document.pop("notes") if not note.startswith("SQLite ")] == []
    assert document == {
        "outcome": "intact",
        "size": 300,
        "checked": [0, 299],
        "breaks": [],
        "more_breaks": 0,
        "checkpoints": {"checked": 1, "failed": 0, "signed": 0},
        "against": None,
        "redacted": {"payloads": 0, "entries": []},
    }


def test_an_empty_ledger_is_five(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, document = as_json(capsys, make(tmp_path / "empty.db", []))
    assert (code, document["outcome"], document["checked"]) == (5, "incomplete", None)


def test_a_broken_ledger_is_four(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    with attacker(path) as conn:
        conn.execute("UPDATE frames SET payloads = x'00' WHERE lane = 0")
        conn.execute("UPDATE meta SET origin = 'x'")
    code, document = as_json(capsys, path)
    assert (code, document["outcome"]) == (4, "broken")
    assert [(found["index"], found["kind"]) for found in document["breaks"]] == [
        (0, "payload"), (None, "schema"),
    ]  # fmt: skip
    code, output, _ = run(capsys, str(path))
    assert code == 4
    assert "payload at entry 0: " in output
    assert "schema: " in output


def test_an_audit_against_what_was_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, path: Path
) -> None:
    with Ledger.open(path) as ledger:
        [kept] = ledger.checkpoints()
    old = tmp_path / "kept.txt"
    old.write_text(str(kept))
    code, output, _ = run(capsys, str(path), "--against", str(old))
    assert code == 0
    assert "extends the checkpoint of 300 entries" in output
    shorter = make(tmp_path / "shorter.db", [records(200)])
    code, output, _ = run(capsys, str(shorter), "--against", str(old))
    assert code == 4
    assert "does not extend the checkpoint of 300 entries" in output
    assert "truncated at entry 200" in output
    old.write_text("something else")
    assert run(capsys, str(path), "--against", str(old))[0] == 1
    assert run(capsys, str(path), "--against", str(tmp_path / "missing"))[0] == 1
    key = PrivateKey(name="tests", seed=bytes(32)).public()
    assert run(capsys, str(path), "--key", str(key))[0] == 5


def test_what_is_no_ledger_is_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no ledger")
    for name in ("text.db", "missing.db", "."):
        code, output, errors = run(capsys, str(tmp_path / name))
        assert (code, output) == (1, "")
        assert str(tmp_path) in errors


def test_a_wrong_call_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["repair", "x"], ["audit"], ["audit", "x", "--format", "xml"]):
        with pytest.raises(SystemExit) as raised:
            main(arguments)
        assert raised.value.code == 2
    assert "usage" in capsys.readouterr().err
