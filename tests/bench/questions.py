"""Questions: what is asked of a ledger beside verdicts: the warehouse, the catalogue, findings."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from analyzer.case import Case
from analyzer.warehouse.store import beside
from tests.bench.clock import Stopwatch, now
from tests.bench.room import Room

Task = Callable[[Room, Stopwatch], int]

_KEYS_ASKED: Final = 20


def warehouse(room: Room, watch: Stopwatch) -> int:
    """Make the warehouse of a whole ledger, from nothing."""
    target = _copied(room, "warehouse.db")
    with Case.open(target) as case, watch:
        case.warehouse()
        return case.ledger.size


def catch_up(room: Room, watch: Stopwatch) -> int:
    """Extend a warehouse by a thousand records more, once they are sealed."""
    target = _with_warehouse(room, "catch-up.db")
    with Case.open(target) as case:
        case.ingest([str(room.more)], clock=now)
        with watch:
            case.warehouse()
    return 1


def catalogue(room: Room, watch: Stopwatch) -> int:
    """Ask every question of the catalogue that needs no parameter, and take all of its rows."""
    target = _with_warehouse(room, "catalogue.db")
    count = 0
    with Case.open(target) as case:
        for question in case.questions():
            if any(one.default is None and not one.is_optional for one in question.parameters):
                continue
            with watch, case.query(question.name, {}, now=now()) as rows:
                for _row in rows:
                    pass
            count += 1
    return count


def find_first(room: Room, watch: Stopwatch) -> int:
    """Look for everything that deserves attention, in a process that has read the ledger."""
    with Case.open(room.ledger) as case:
        case.state(None, "end", None, now())
        with watch:
            case.find("end", None, now())
    return 1


def find_again(room: Room, watch: Stopwatch) -> int:
    """Look for it once more."""
    with Case.open(room.ledger) as case:
        case.find("end", None, now())
        with watch:
            case.find("end", None, now())
    return 1


def blast(room: Room, watch: Stopwatch) -> int:
    """Ask what hangs on one key after the other, in a process that has read the ledger."""
    draw = random.Random(1)
    with Case.open(room.ledger) as case:
        rows = case.state(None, "end", None, now())["databases"]
        keys = sorted({str(row["key"]) for row in rows if row["key"]})
        asked = draw.sample(keys, min(_KEYS_ASKED, len(keys)))
        with watch:
            for key in asked:
                case.blast(key, "end", None, now())
    return len(asked)


def _copied(room: Room, name: str) -> Path:
    target = room.scratch(name)
    shutil.copyfile(room.ledger, target)
    beside(target).unlink(missing_ok=True)
    return target


def _with_warehouse(room: Room, name: str) -> Path:
    """Copy the ledger with a warehouse, which is made once and kept."""
    kept = beside(room.ledger)
    with Case.open(room.ledger) as case:
        case.warehouse()
    target = _copied(room, name)
    shutil.copyfile(kept, beside(target))
    return target


QUESTIONS: Final[Mapping[str, Task]] = {
    "warehouse": warehouse,
    "catch-up": catch_up,
    "catalogue": catalogue,
    "find": find_first,
    "find-again": find_again,
    "blast": blast,
}
