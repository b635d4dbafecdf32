"""The shelf of panels, in the order in which they stand; a new one is a file and a word here."""

from __future__ import annotations

from typing import Final

from tui.dashboard.panel import Panel
from tui.dashboard.panels.copies import Copies
from tui.dashboard.panels.diff import Diff
from tui.dashboard.panels.events import Events
from tui.dashboard.panels.raw import Raw
from tui.dashboard.panels.resources import Resources
from tui.dashboard.panels.state import State
from tui.dashboard.panels.why import Why

PANELS: Final[tuple[type[Panel], ...]] = (Resources, Events, State, Diff, Why, Copies, Raw)
