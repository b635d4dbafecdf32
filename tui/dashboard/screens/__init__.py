"""The shelf of screens, in the order of their function keys."""

from __future__ import annotations

from typing import Final

from tui.dashboard.screens.actors import ActorsSheet
from tui.dashboard.screens.evidence import EvidenceSheet
from tui.dashboard.screens.findings import FindingsSheet
from tui.dashboard.screens.lanes import LanesSheet
from tui.dashboard.screens.query import QuerySheet
from tui.dashboard.screens.replay import Replay
from tui.dashboard.sheet import Sheet

SCREENS: Final[tuple[type[Sheet], ...]] = (
    Replay,
    LanesSheet,
    FindingsSheet,
    ActorsSheet,
    QuerySheet,
    EvidenceSheet,
)
