"""Redacted: what can still be said of a record whose payload was erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from analyzer import moment
from analyzer.moment import Moment
from analyzer.place import spelled
from analyzer.record import Record, text

_NAMES: Final = (
    "dBSnapshotArn", "dBClusterSnapshotArn", "dBInstanceArn", "dBClusterArn",
    "dBSnapshotIdentifier", "dBClusterSnapshotIdentifier", "dBInstanceIdentifier",
    "dBClusterIdentifier", "keyId",
)  # fmt: skip
"""Members that name what a call was about, the most exact ones first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A record that is sealed and can no longer be read.

    Attributes:
        entry: its place in the ledger.
        order: the entry that ordered its erasure.
        reason: why, in somebody's words.
        event_name: what the order keeps of it; None where it keeps nothing.
        event_time: the same, as the contract spells times.
        resource: the same; an ARN or a name.
    """

    entry: int
    order: int
    reason: str
    event_name: str | None
    event_time: str | None
    resource: str | None

    def may_concern(self, names: Collection[str | None], at: Moment) -> bool:
        """Whether it may have spoken of any of these by then: it did, or nobody can tell."""
        if self.event_time is not None and self.event_time > moment.text(at):
            return False
        return self.resource is None or any(name and name in self.resource for name in names)

    def document(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "entry": self.entry,
            "order": self.order,
            "reason": self.reason,
            "event_name": self.event_name,
            "event_time": self.event_time,
            "resource": self.resource,
        }

    def note(self) -> str:
        """Say in a sentence what the answer cannot see."""
        parts = [
            self.event_name,
            f"on {self.resource}" if self.resource else None,
            f"at {self.event_time}" if self.event_time else None,
        ]
        said = " ".join(part for part in parts if part) or "nothing is kept of what it said"
        return (
            f"Entry {spelled(self.entry)} is redacted by order of entry {spelled(self.order)} "
            f"({said}): this answer does not know what it said."
        )


def about(record: Record | None) -> dict[str, str]:
    """Return what the order to erase a record keeps of it: what happened, when, and to what."""
    if record is None:
        return {}
    found = {
        "event_name": record.evidence.event_name,
        "event_time": moment.text(record.evidence.time),
        "resource": resource_of(record),
    }
    return {name: value for name, value in found.items() if value is not None}


def resource_of(record: Record) -> str | None:
    """Return the ARN or the name of what a record is about; None where it names nothing."""
    named = (text(part, name) for name in _NAMES for part in (record.response, record.request))
    return next(iter(record.resource_arns), None) or next(filter(None, named), None)


def redacted(entry: int, order: int, reason: str, kept: Mapping[str, str]) -> Redacted:
    """Return what is known of an entry whose payload was erased, from what its order says."""
    return Redacted(
        entry=entry,
        order=order,
        reason=reason,
        event_name=kept.get("event_name"),
        event_time=kept.get("event_time"),
        resource=kept.get("resource"),
    )
