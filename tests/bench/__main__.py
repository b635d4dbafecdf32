"""`python -m tests.bench`: every measure beside its peer, at a size and at ten times that size."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import report
from tests.bench.curves import draw
from tests.bench.measures import MEASURES
from tests.bench.room import prepare
from tests.bench.rounds import run_rounds


def main() -> int:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=[200_000, 1_000_000])
    parser.add_argument("--keys", type=int, help="in all; else as many as fit to the records")
    parser.add_argument("--databases", type=int, help="the same")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", metavar="TASK", help="measures of these tasks only")
    parser.add_argument("--folder", type=Path, help="keep trails and ledgers here between runs")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the growth")
    chosen = parser.parse_args()
    wanted = [one for one in MEASURES if chosen.only is None or one.ours in chosen.only]
    names = list(dict.fromkeys(task for one in wanted for task in one.tasks))
    with tempfile.TemporaryDirectory(prefix="keyledger-bench-") as folder:
        documents = []
        for events in chosen.events:
            tell(f"a trail of {events} records")
            room = prepare(chosen.folder or Path(folder), events, chosen.keys, chosen.databases)
            figures = run_rounds(room, names, chosen.rounds, tell)
            documents.append(report.document(room, events, figures))
    sys.stdout.write(report.table(documents) + "\n" + report.growth(documents))
    if chosen.json:
        chosen.json.write_text(report.text(documents))
    if chosen.svg:
        chosen.svg.write_text(draw(documents))
    return 0


def tell(line: str) -> None:
    """Say what goes on."""
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
