"""Names of people and things in the short form that a table has room for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

_KINDS: Final = ("key/", "db:", "snapshot:", "cluster:", "cluster-snapshot:", "global-cluster:")
"""How the resource part of an ARN begins, before the name."""


def actor(evidence: Mapping[str, Any] | None) -> str:
    """Return who acted: `role/KeyJanitor (alice)`, `user/bob`, `root`, or a service's name."""
    if evidence is None or evidence["actor"] is None:
        return "nobody on record"
    name = short(str(evidence["actor"]))
    session = evidence.get("session")
    return f"{name} ({str(session).rpartition('/')[2]})" if session else name


def short(arn: str) -> str:
    """Return the last part of an ARN that still tells what it is; other names stay whole."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":  # noqa: PLR2004 - arn:partition:service:region:account:resource
        return arn
    return parts[5]


def name(arn: str) -> str:
    """Return only the name in an ARN: a key's id, a database's identifier."""
    rest = short(arn)
    for kind in _KINDS:
        if rest.startswith(kind):
            return rest.removeprefix(kind)
    return rest


def place(arn: str) -> tuple[str, str]:
    """Return account and Region of an ARN, empty where it does not name them."""
    parts = arn.split(":", 5)
    return (parts[4], parts[3]) if len(parts) == 6 and parts[0] == "arn" else ("", "")  # noqa: PLR2004


def places(arns: Iterable[str]) -> list[tuple[str, str]]:
    """Return the distinct accounts and Regions of ARNs, sorted."""
    return sorted({place(arn) for arn in arns})
