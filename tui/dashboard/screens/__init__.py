"""The shelf of screens, in the order of their function keys."""

from __future__ import annotations

from typing import Final

from tui.dashboard.screens.replay import Replay
from tui.dashboard.sheet import Sheet

SCREENS: Final[tuple[type[Sheet], ...]] = (Replay,)
