"""Standing: the view that is shown, how it changes and the way back; any screen may ask for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tui.dashboard.position import Position
from tui.dashboard.workers import Opening, Workers


class Standing(Workers):
    """Stand at a position, show another view of it, go elsewhere and back."""

    def __init__(self, opening: Opening, now: Callable[[], int]) -> None:
        """Stand nowhere yet; *now* tells the present in microseconds since the epoch."""
        super().__init__(opening, now)
        self._trail: list[Position] = []

    def show(self, **changes: Any) -> None:
        """Show the view with some of its attributes changed."""
        if self.view is not None:
            self.view = replace(self.view, **changes)

    def go(self, position: Position, *, is_jump: bool = False) -> None:
        """Stand somewhere else; a jump can be taken back."""
        view = self.view
        if view is None or position == view.position:
            return
        if is_jump:
            self._trail.append(view.position)
        matches = view.matches
        if position.filter != view.position.filter:
            matches = view.playback.matching(position.filter)
        is_same = (position.at, position.selected) == (view.position.at, view.position.selected)
        explained = view.explained if is_same else None
        self.show(position=position, matches=matches, explained=explained)
        self.look_closer()

    def go_back(self) -> None:
        """Stand where one stood before the last jump."""
        if self._trail:
            self.go(self._trail.pop())
