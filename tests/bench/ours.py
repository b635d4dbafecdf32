"""Ours: what keyledger does, as tasks.

A task prepares, runs its watch around the work that counts, and returns how many things it handled.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from analyzer.case import Case
from tests.bench.clock import Stopwatch, now
from tests.bench.exports import EXPORTS
from tests.bench.questions import QUESTIONS
from tests.bench.room import Room
from tests.bench.screen import first_paint, opening, seek, step

Task = Callable[[Room, Stopwatch], int]

_ASKED: Final = 200
"""Moments at which a warm question is asked."""


def seal(ledger: Path, *sources: Path) -> int:
    """Ingest sources into a ledger; return how many records were met."""
    with Case.open_or_create(ledger, now()) as case:
        return case.ingest(list(map(str, sources)), clock=now, workers=None).totals["records"]


def ingest(room: Room, watch: Stopwatch) -> int:
    """Files on disk to sealed and committed."""
    target = room.scratch("ingest.db")
    with watch:
        return seal(target, room.trail)


def audit(room: Room, watch: Stopwatch) -> int:
    """Recompute every hash of a ledger."""
    with Case.open(room.ledger) as case, watch:
        return case.custody.audit().size


def replay(room: Room, watch: Stopwatch) -> int:
    """Open a ledger and judge every database; counts the entries that this covers."""
    with watch, Case.open(room.ledger) as case:
        case.state(None, "end", None, now())
        return case.ledger.size


def warm(room: Room, watch: Stopwatch) -> int:
    """Ask for the verdict on one database after the other, at random moments."""
    draw = random.Random(1)
    with Case.open(room.ledger) as case:
        present = now()
        document = case.state(None, "end", None, present)
        names = [row["arn"] for row in document["databases"]]
        since = {row["arn"]: row["since"] or document["at"] for row in document["databases"]}
        for name in names:
            case.explain(name, since[name], None, present)
        asked = [draw.choice(names) for _ in range(_ASKED)]
        with watch:
            for name in asked:
                case.explain(name, since[name], None, present)
    return _ASKED


def state_warm(room: Room, watch: Stopwatch) -> int:
    """Ask for the state of everything at random moments."""
    draw = random.Random(1)
    with Case.open(room.ledger) as case:
        case.state(None, "end", None, now())
        moments = [f"2026-01-{draw.randint(1, 28):02d}T00:00:00Z" for _ in range(20)]
        with watch:
            for moment in moments:
                case.state(None, moment, None, now())
    return len(moments)


def cold(room: Room, watch: Stopwatch) -> int:
    """Ingest the whole trail and explain one database."""
    target, name = room.scratch("cold.db"), _some_database(room)
    with watch, Case.open_or_create(target, now()) as case:
        case.ingest([str(room.trail)], clock=now, workers=None)
        case.explain(name, "end", None, now())
    return 1


def incremental(room: Room, watch: Stopwatch) -> int:
    """Ingest a thousand records on top, and explain, in one process that has explained before."""
    target, name = room.scratch("incremental.db"), _some_database(room)
    shutil.copyfile(room.ledger, target)
    with Case.open(target) as case:
        case.explain(name, "end", None, now())
        with watch:
            case.ingest([str(room.more)], clock=now)
            case.explain(name, "end", None, now())
    return 1


def _some_database(room: Room) -> str:
    """Return the ARN of a database that is lost, or of any."""
    with Case.open(room.ledger) as case:
        rows = case.state(None, "end", None, now())["databases"]
    lost = [str(row["arn"]) for row in rows if row["verdict"] == "unrecoverable"]
    return (lost or [str(row["arn"]) for row in rows])[0]


def help_(room: Room, watch: Stopwatch) -> int:
    """`keyledger --help`, as a whole process."""
    del room
    return _process(watch, "from tui.cli import main; main()", "--help")


def _process(watch: Stopwatch, code: str, *arguments: str) -> int:
    with watch:
        subprocess.run(
            [sys.executable, "-c", code, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "COLUMNS": "80"},
        )
    return 1


TASKS: Final[Mapping[str, Task]] = {
    "ingest": ingest,
    "audit": audit,
    "replay": replay,
    "warm": warm,
    "state": state_warm,
    "cold": cold,
    "incremental": incremental,
    "first-paint": first_paint,
    "opening": opening,
    "seek": seek,
    "step": step,
    "help": help_,
    **QUESTIONS,
    **EXPORTS,
}
