"""One task in a process of its own: `python -m tests.bench.task NAME FOLDER`; prints JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from tests.bench.clock import Stopwatch
from tests.bench.ours import TASKS
from tests.bench.peers import PEERS
from tests.bench.room import Room
from tests.peak import peak_bytes

ALL: Final = {**TASKS, **PEERS}


def main() -> None:
    """Run the task that the command line names."""
    name, folder = sys.argv[1:]
    watch = Stopwatch()
    count = ALL[name](Room(folder=Path(folder)), watch)
    told = {"count": count, "wall": watch.wall, "cpu": watch.cpu, "peak": peak_bytes()}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
