"""Scale: which column of a strip stands for which moment; the past, and beyond it the forecast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FORECAST_SHARE: Final = 6
"""One column in so many is the forecast's, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A strip of columns over a stretch of time.

    Attributes:
        start: the moment at the left edge.
        end: the newest event, where the past ends; the right edge where there is no forecast.
        horizon: the moment at the right edge of the forecast; `end` where there is none.
        columns: how many there are in all.
    """

    start: int
    end: int
    horizon: int
    columns: int

    @property
    def past(self) -> int:
        """How many columns are the past's."""
        if self.horizon <= self.end:
            return self.columns
        return max(1, self.columns - max(3, self.columns // FORECAST_SHARE))

    @property
    def edges(self) -> tuple[int, ...]:
        """The moments between the columns of the past: one more than there are of them."""
        count, span = self.past, max(self.end - self.start, 1)
        return (*(self.start + span * column // count for column in range(count)), self.end + 1)

    def column(self, moment: int) -> int:
        """Return the column of a moment; what lies outside is at the nearest edge."""
        if moment > self.end and self.past < self.columns:
            ahead, span = self.columns - self.past, max(self.horizon - self.end, 1)
            place = (moment - self.end) * ahead // span
            return min(self.past + place, self.columns - 1)
        span = max(self.end - self.start, 1)
        return min(max((moment - self.start) * self.past // span, 0), self.past - 1)

    def moment(self, column: int) -> int:
        """Return the first moment of a column."""
        if column >= self.past:
            ahead, span = self.columns - self.past, self.horizon - self.end
            return self.end + span * (column - self.past) // max(ahead, 1) + 1
        span = max(self.end - self.start, 1)
        return self.start + -(-span * max(column, 0) // self.past)

    def shows(self, moment: int) -> bool:
        """Whether a moment lies on the strip."""
        return self.start <= moment <= max(self.end, self.horizon)
