"""Every system call of one append made to fail in turn: `python -m tests.faults.injection FOLDER`.

A process of its own with one thread, so that it can fork: a child waits until strace has taken hold
of it, then it opens a ledger, appends, makes a checkpoint and closes. What is traced the first time
is made to fail call by call. After each, the audit is the oracle: what was acknowledged is there,
nothing is half there, and the same append again completes it. Prints one line of JSON per call.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import select
import shutil
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, NoReturn

from ledger import connection
from ledger.audit import audit
from ledger.errors import LedgerError
from ledger.report import Outcome
from ledger.store import Ledger
from tests.ledger_support import NOW, append, evidence, make, records

BEFORE, NEW = 30, 40
ACKNOWLEDGED, REFUSED, ASTRAY = 0, 3, 9
WRITES: Final = frozenset({"pwrite64", "write", "ftruncate", "fallocate"})
MEMORY: Final = frozenset({"brk", "mmap", "munmap", "mprotect", "mremap", "madvise", "futex"})
"""Calls whose failure may end a process; the ledger has to be whole all the same."""

_CALL = re.compile(r"(\w+)\(")
_NOT_OF_AN_APPEND: Final = frozenset(
    {"exit_group", "poll", "ppoll", "pselect6", "restart_syscall", "select"}
)
"""How the child ends, and how it waits: whether strace sees that begin is a matter of luck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One call made to fail, and what came of it."""

    call: str
    number: int
    error: str
    ended: int
    size: int
    fault: str | None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.injection", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only each so many-th call")
    chosen = parser.parse_args()
    setattr(connection, "BUSY_SECONDS", 0.2)  # noqa: B010 - a lock that fails is waited for
    base = make(chosen.folder / "base.db", [records(BEFORE)])
    whole = make(chosen.folder / "whole.db", [records(BEFORE)])
    with Ledger.open(whole) as ledger:
        append(ledger, records(NEW, start=BEFORE))
    wanted = evidence(whole)
    path = chosen.folder / "trial.db"
    for call, number, error in list(calls(base, path))[:: chosen.every]:
        renew(base, path)
        ended = appended(path, ["-e", f"inject={call}:error={error}:when={number}"])
        size, fault = judged(path, ended, wanted, is_file=call not in MEMORY)
        trial = Trial(call=call, number=number, error=error, ended=ended, size=size, fault=fault)
        print(json.dumps(asdict(trial)), flush=True)  # noqa: T201 - a program of its own


def calls(base: Path, path: Path) -> Iterator[tuple[str, int, str]]:
    """Every call of an append that succeeds, which of its name it is, and how it is to fail."""
    renew(base, path)
    log = path.with_name("trace")
    ended = appended(path, ["-o", str(log)])
    if ended != ACKNOWLEDGED:
        sys.exit(f"an append that nothing disturbs ended with {ended}")
    seen: Counter[str] = Counter()
    for line in log.read_text(errors="replace").splitlines():
        match = _CALL.match(line)
        if match is None or match[1] in _NOT_OF_AN_APPEND:
            continue
        seen[match[1]] += 1
        yield match[1], seen[match[1]], "EIO"
        if match[1] in WRITES:
            yield match[1], seen[match[1]], "ENOSPC"


def renew(base: Path, path: Path) -> None:
    """Put a fresh copy in the place of a ledger and of whatever a failure left beside it."""
    for left in path.parent.glob(path.name + "*"):
        left.unlink()
    shutil.copyfile(base, path)


def appended(path: Path, options: list[str]) -> int:
    """Append in a child that strace holds; returns how it ended, negative for a signal."""
    ready, say_ready = os.pipe()
    go, say_go = os.pipe()
    child = os.fork()
    if not child:
        _append(path, say_ready, go)
    for end in (say_ready, go):
        os.close(end)
    os.read(ready, 1)
    strace = subprocess.Popen(
        ["strace", "-p", str(child), *options], stderr=subprocess.PIPE, text=True
    )
    assert strace.stderr is not None
    attached = strace.stderr.readline()
    os.write(say_go, b".")
    _, status = os.waitpid(child, 0)
    strace.stderr.read()
    strace.wait()
    for end in (ready, say_go):
        os.close(end)
    if "attached" not in attached:
        sys.exit(f"refused: {attached.strip()}")
    return os.waitstatus_to_exitcode(status)


def _append(path: Path, say_ready: int, go: int) -> NoReturn:
    ended = ASTRAY
    try:
        os.write(say_ready, b".")
        select.select([go], [], [])
        with Ledger.open(path) as ledger:
            append(ledger, records(NEW, start=BEFORE))
            ended = ACKNOWLEDGED
            ledger.checkpoint(NOW)
    except LedgerError:
        ended = ACKNOWLEDGED if ended == ACKNOWLEDGED else REFUSED
    except BaseException:  # noqa: BLE001 - told by the exit code
        ended = ASTRAY
        traceback.print_exc()
    finally:
        os._exit(ended)


def judged(
    path: Path, ended: int, wanted: list[tuple[bytes, bytes | None]], *, is_file: bool
) -> tuple[int, str | None]:
    """What the ledger holds afterwards, and what is wrong with that."""
    with Ledger.open(path) as ledger:
        report = audit(ledger)
        size = report.size
        if report.outcome is not Outcome.INTACT:
            return size, f"{report.outcome}: {report.breaks[:1]}"
        if size not in (BEFORE, BEFORE + NEW) or (ended == ACKNOWLEDGED and size == BEFORE):
            return size, "lost, or torn"
        if is_file and ended not in (ACKNOWLEDGED, REFUSED):
            return size, f"it ended with {ended} and not with an error of the ledger"
        append(ledger, records(NEW, start=BEFORE))
        if audit(ledger).outcome is not Outcome.INTACT:
            return size, "not intact once it was completed"
    if evidence(path) != wanted:
        return size, "not what it would have been"
    return size, None


if __name__ == "__main__":
    main()
