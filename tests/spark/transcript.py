"""Transcript: replays one in a process of its own: `python -m tests.spark.transcript FILE FOLDER`.

What answers on the way is a JVM that this process starts; the tests have another one by then.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.cli.test_transcripts import replayed

if __name__ == "__main__":
    file, folder = map(Path, sys.argv[1:])
    sys.stdout.write("".join(replayed(file.read_text(), folder)))
