"""Transcripts: what was typed, what came out, and the exit code; see any `*.txt` beside this file.

`$ ` begins a command (`keyledger` runs in this process, anything else in a shell), two blanks a
line of stdout, `! ` one of stderr, `? ` the exit code where it is not 0, `# ` a remark. The folder
holds nothing but the samples.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import Result, keyledger
from tests.golden import ROOT, Golden

TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))
_SQLITE = re.compile(r"(?<=SQLite)( +)\d+\.\d+\.\d+|(?<=\"sqlite\": \")\d+\.\d+\.\d+")


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_is_what_the_commands_still_say(
    path: Path, tmp_path: Path, golden: Golden
) -> None:
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    golden.same(path, "".join(replayed(path.read_text(), tmp_path)))


def replayed(transcript: str, folder: Path) -> Iterator[str]:
    """Yield the transcript anew: its commands and remarks as written, and what comes out now."""
    for line in transcript.splitlines(keepends=True):
        if line.startswith(("# ", "$ ")):
            yield line
        if line.startswith("$ "):
            yield from _run(line.removeprefix("$ "), folder)
            yield "\n"


def _run(command: str, folder: Path) -> Iterator[str]:
    words = shlex.split(command)
    if words[0] == "keyledger":
        yield from _shown(keyledger(*words[1:], cwd=folder), folder)
    else:
        subprocess.run(command, shell=True, check=True, cwd=folder)  # noqa: S602 - our own files


def _shown(result: Result, folder: Path) -> Iterator[str]:
    stable = result.out.replace(str(folder), "<folder>").replace(str(ROOT), "<checkout>")
    stable = _SQLITE.sub(lambda match: (match[1] or "") + "<version>", stable)
    for line in stable.splitlines():
        yield f"  {line}\n" if line else "\n"
    for line in result.err.replace(str(folder), "<folder>").splitlines():
        yield f"! {line}\n"
    if result.code:
        yield f"? {result.code.value}\n"
