"""Identity of databases: the immutable resource id, or what name and moment say of it.

Names are reused, renamed and typed in any case; failed calls and RDS events carry only names or
ARNs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

from analyzer.moment import Moment

Sighting = tuple[str, Moment, str, bool]
"""ARN, moment, resource id, and whether this record is the first under which it had that name."""


class Identities:
    """Which resource id stood behind an ARN at a moment."""

    def __init__(self, sightings: Iterable[Sighting]) -> None:
        """Build from sightings, in any order."""
        seen: dict[str, dict[tuple[Moment, str], bool]] = defaultdict(dict)
        for arn, at, resource_id, is_creation in sightings:
            held = seen[arn].get((at, resource_id), False)
            seen[arn][at, resource_id] = held or is_creation
        self._times: dict[str, list[Moment]] = {}
        self._ids: dict[str, list[str]] = {}
        self._starts_created: dict[str, bool] = {}
        for arn, found in seen.items():
            ordered = sorted(found)
            self._times[arn] = [at for at, _ in ordered]
            self._ids[arn] = [resource_id for _, resource_id in ordered]
            self._starts_created[arn] = found[ordered[0]]

    def at(self, arn: str, moment: Moment) -> str:
        """Return the resource id behind *arn* at *moment*, or the ARN itself where none is known.

        A moment before the first sighting belongs to the same database, unless that sighting is its
        creation: then an earlier database had the name, and nothing but the name is known of it.
        """
        times = self._times.get(arn)
        if times is None:
            return arn
        index = bisect_right(times, moment) - 1
        if index >= 0:
            return self._ids[arn][index]
        return arn if self._starts_created[arn] else self._ids[arn][0]

    def behind(self, arn: str) -> set[str]:
        """Return every resource id that ever stood behind *arn*."""
        return set(self._ids.get(arn, ()))

    def first_after(self, arn: str, moment: Moment, other_than: str) -> str | None:
        """Return the first resource id that *arn* is seen with later, *other_than* aside."""
        later = zip(self._times.get(arn, ()), self._ids.get(arn, ()), strict=True)
        return next((one for at, one in later if at >= moment and one != other_than), None)
