"""Pulse: how many usage records there are of each minute, from the columns; none is decoded."""

from __future__ import annotations

from typing import Final

from analyzer.archive import Cut
from analyzer.playback.usage import Usage, usage_of
from analyzer.progress import Progress
from analyzer.warehouse.asking import trusted
from analyzer.warehouse.build import within
from analyzer.warehouse.engine import Engine
from analyzer.warehouse.session import Session

_COUNTS: Final = """
SELECT epoch_us(date_trunc('minute', event_time)) AS minute, count(*) AS records
FROM records
WHERE lane = 'usage' AND event_time IS NOT NULL AND ({known})
GROUP BY minute
ORDER BY minute
"""


def pulse(session: Session, cut: Cut, on_progress: Progress | None) -> Usage:
    """Count usage by the minute.

    Args:
        session: whose warehouse is asked.
        cut: how many entries count.
        on_progress: told how many entries of how many are loaded, where the file has to be made.

    Raises:
        ForeignFileError: a DuckDB file of somebody else is in its place.
        OSError: it can be written nowhere.
    """

    def count(engine: Engine) -> Usage:
        with engine:
            known = within(session.archive, cut)
            return usage_of(engine.rows(_COUNTS.format(known=known)), sum(cut))

    return trusted(session, on_progress, count)
