"""Clock: moments as a person reads them, in UTC or in another zone, and which of the two it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST: Final = -62_135_596_800_000_000
_LAST: Final = 253_402_300_799_000_000
"""The years 1 to 9999; a hostile record may say otherwise."""

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How moments (microseconds since the epoch) are shown.

    Attributes:
        zone: the zone that was asked for; None for the one of this machine.
        is_utc: whether UTC is shown instead.
    """

    zone: tzinfo | None = None
    is_utc: bool = True

    def full(self, moment: int) -> str:
        """Return `2026-03-10 19:02:54Z`, or with the zone's offset."""
        return self._local(moment).strftime("%Y-%m-%d %H:%M:%S") + self.suffix(moment)

    def short(self, moment: int) -> str:
        """Return `03-10 19:02:54`, for columns that say the year elsewhere."""
        return self._local(moment).strftime("%m-%d %H:%M:%S")

    def day(self, moment: int) -> str:
        """Return `2026-03-10`."""
        return self._local(moment).strftime("%Y-%m-%d")

    def minute(self, moment: int) -> str:
        """Return `03-10 19:02`."""
        return self._local(moment).strftime("%m-%d %H:%M")

    def second(self, moment: int) -> str:
        """Return `19:02:54`."""
        return self._local(moment).strftime("%H:%M:%S")

    def spelled(self, written: str | None) -> str:
        """Return a time of a document as `full` does; a dash where there is none."""
        return "—" if written is None else self.full(moment_of(written))

    def suffix(self, moment: int) -> str:
        """Return `Z`, or the zone's offset at that moment, as `+02:00`."""
        if self.is_utc:
            return "Z"
        offset = self._local(moment).strftime("%z")
        return f"{offset[:3]}:{offset[3:5]}"

    @property
    def name(self) -> str:
        """Return which zone it is, for a person."""
        if self.is_utc:
            return "UTC"
        return str(self.zone) if self.zone is not None else "local time"

    def _local(self, moment: int) -> datetime:
        moment = min(max(moment, _FIRST + DAY), _LAST - DAY)
        at = _EPOCH + timedelta(microseconds=moment)
        return at if self.is_utc else at.astimezone(self.zone)


def moment_of(written: str) -> int:
    """Read a time of a document."""
    return (datetime.fromisoformat(written) - _EPOCH) // timedelta(microseconds=1)


def typed(moment: int) -> str:
    """Spell a moment as a command line takes it: `2026-03-10T19:02:54Z`."""
    at = _EPOCH + timedelta(microseconds=min(max(moment, _FIRST), _LAST))
    spelled = at.isoformat().removesuffix("+00:00")
    return (spelled.rstrip("0") if "." in spelled else spelled) + "Z"
