"""Stories: where the incidents lie that ship with keyledger."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MAIN_STORY: Final = "payroll-key-deleted"
"""The story that the demo tells."""


def stories_folder(rooms: Path | None = None) -> Path:
    """Return the folder of stories: inside an installed wheel, or in a checkout.

    Args:
        rooms: the folder of the `tui` package; None for the one that runs.

    Raises:
        FileNotFoundError: neither is there.
    """
    here = Path(__file__).parent if rooms is None else rooms
    installed, checkout = here / "samples" / "stories", here.parent / "samples" / "stories"
    for folder in (installed, checkout):
        if (folder / MAIN_STORY).is_dir():
            return folder
    raise FileNotFoundError(2, "the stories that ship with keyledger are missing", str(installed))
