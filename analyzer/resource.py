"""The contract of a resource module, and the values that pass between modules.

A resource module holds *all* rules of one resource type: which records speak of it (`DECODERS`),
what they mean (its event union) and how its state moves (`evolve`).
`analyzer/resources/__init__.py` lists the modules in one literal tuple.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen
from analyzer.record import Record

Decoder = Callable[[Record], Any]
"""Turns a record into the module's event, Inert, or None where it names no resource to read."""


class ResourceModule(Protocol):
    """What `analyzer/resources/*.py` must offer."""

    __name__: str
    DECODERS: Mapping[tuple[str, str], Decoder]
    """(service, event name) to decoder; native events under their EventID or detail-type."""


class Inert(Frozen, frozen=True, kw_only=True):
    """A record that is understood and moves no state, and the reason in a few words.

    Whole event names of that kind stand in `analyzer/inert.py`; a decoder answers so for single
    records of a name that it does read.
    """

    reason: str


class Fact(Frozen, frozen=True, kw_only=True):
    """A decoded event and the record that states it; a failed one moves no state."""

    evidence: Evidence
    event: Any

    @property
    def has_failed(self) -> bool:
        """Whether the call failed; a dry run is logged as a failure too."""
        return self.evidence.error is not None


class Oddity(Frozen, frozen=True, kw_only=True):
    """A record that AWS's rules do not allow in the state it met; a finding, not an error.

    Attributes:
        rule: dotted name of the rule that was broken, for instance `kms.impossible-move`.
        resource: ARN or immutable id.
        evidence: the records that contradict each other.
        detail: one sentence in plain words.
    """

    rule: str
    resource: str
    evidence: tuple[Evidence, ...]
    detail: str
