"""Write the stories anew: `python -m tests.simulator.stories [DIRECTORY]`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.simulator.stories import PUBLIC_KEYS, STORIES, write_story

SHELF = Path(__file__).parents[3] / "samples" / "stories"
KEYS = "cloudtrail-public-keys.json"
"""Beside the shelf: the public keys by which its digest files can be checked."""


def main(arguments: list[str]) -> int:
    """Replace every story's folder, and the public keys beside the shelf; say what they hold."""
    directory = Path(arguments[0]) if arguments else SHELF
    for story in STORIES:
        shutil.rmtree(directory / story.NAME, ignore_errors=True)
        files = write_story(story, directory)
        size = sum(path.stat().st_size for path in files)
        sys.stdout.write(f"{story.NAME}: {len(files)} files, {size} bytes\n")
    (directory.parent / KEYS).write_bytes(PUBLIC_KEYS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
