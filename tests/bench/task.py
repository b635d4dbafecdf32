"""One task in a process of its own: `python -m tests.bench.task NAME FOLDER`; prints JSON."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

from tests.bench.clock import Stopwatch
from tests.bench.room import Room
from tests.peak import peak_bytes


def main() -> None:
    """Run the task that the command line names, as the command line of keyledger would."""
    # Imported here: processes that a task starts import this module too, and none of that.
    from tests.bench.ours import TASKS
    from tests.bench.peers import PEERS
    from tui.cli import COLLECT_AFTER

    gc.set_threshold(*COLLECT_AFTER)
    name, folder = sys.argv[1:]
    watch = Stopwatch()
    count = {**TASKS, **PEERS}[name](Room(folder=Path(folder)), watch)
    told = {"count": count, "wall": watch.wall, "cpu": watch.cpu, "peak": peak_bytes()}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
