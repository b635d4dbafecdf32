"""Pulse: how many usage records there are of each minute, from the columns; none is decoded."""

from __future__ import annotations

from typing import Final

from analyzer.playback.usage import Usage, usage_of
from analyzer.warehouse.asking import trusted
from analyzer.warehouse.build import Progress
from analyzer.warehouse.engine import Engine
from analyzer.warehouse.session import Session

_COUNTS: Final = """
SELECT epoch_us(date_trunc('minute', event_time)) AS minute, count(*) AS records
FROM records
WHERE lane = 'usage' AND event_time IS NOT NULL AND entry_index < {size}
GROUP BY minute
ORDER BY minute
"""


def pulse(session: Session, size: int, on_progress: Progress | None) -> Usage:
    """Count usage by the minute.

    Args:
        session: whose warehouse is asked.
        size: only the first so many entries count.
        on_progress: told how many entries of how many are loaded, where the file has to be made.

    Raises:
        ForeignFileError: a DuckDB file of somebody else is in its place.
        OSError: it can be written nowhere.
    """

    def count(engine: Engine) -> Usage:
        with engine:
            return usage_of(engine.rows(_COUNTS.format(size=size)), size)

    return trusted(session, on_progress, count)
