"""Which events are sealed: those that can bear on keys and databases, unless asked otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from analyzer.cloudtrail.lanes import service_of
from analyzer.cloudtrail.record import Form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzer.cloudtrail.heads import Sort
    from analyzer.cloudtrail.record import Description

_NATIVE_ALWAYS: Final = frozenset({"kms", "rds"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """A choice of events.

    Attributes:
        whole: services of which every event is taken, by the first label of their event source.
        parts: of further services, the event names that are taken.
        is_all: everything is taken.
    """

    whole: frozenset[str] = frozenset()
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_all: bool = False

    @classmethod
    def named(cls, *names: str) -> Services:
        """Take every event of these services: `kms`, `KMS`, `kms.amazonaws.com` are one."""
        return cls(whole=frozenset(service_of(name.strip()) for name in names))

    def wants(self, event: Description | Sort) -> bool:
        """Tell whether an event is sealed, or all of a sort; Insights describe rates, never are."""
        if event.is_insight:
            return False
        if self.is_all or event.service in self.whole:
            return True
        if event.event_name in self.parts.get(event.service, ()):
            return True
        return event.form is not Form.CLOUDTRAIL and event.service in _NATIVE_ALWAYS


DEFAULT_SERVICES: Final = Services(
    whole=frozenset({"kms", "rds", "backup"}),
    parts={
        # What stops, starts, narrows or widens logging: a hole in the evidence begins with one.
        "cloudtrail": frozenset(
            {
                "CreateEventDataStore",
                "CreateTrail",
                "DeleteEventDataStore",
                "DeleteTrail",
                "PutEventSelectors",
                "PutInsightSelectors",
                "RestoreEventDataStore",
                "StartEventDataStoreIngestion",
                "StartLogging",
                "StopEventDataStoreIngestion",
                "StopLogging",
                "UpdateEventDataStore",
                "UpdateTrail",
            }
        )
    },
)
ALL_SERVICES: Final = Services(is_all=True)
