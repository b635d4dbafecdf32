"""What a check of digest files says, in short."""

from __future__ import annotations

from analyzer.digests.report import Finding, Kind
from tests.simulator.signer import Signer

OTHER = Signer.of("somebody else")
"""Signs with a key that is not CloudTrail's."""


def told(findings: tuple[Finding, ...]) -> list[tuple[Kind, str | None]]:
    """Return what was found, and the name of what it is about."""
    return [(finding.kind, finding.name) for finding in findings]


def only(findings: tuple[Finding, ...]) -> Finding:
    """Return the one finding."""
    [finding] = findings
    return finding
