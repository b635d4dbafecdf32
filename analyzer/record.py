"""Record: one sealed JSON object with tolerant access to the members that AWS documents.

Every accessor answers None for a member that is absent, null, or of another type than documented:
records are written by others, and some of them by attackers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen

Members = Mapping[str, Any]
_NONE: Members = {}


class Record(Frozen, frozen=True, kw_only=True):
    """A decoded record beside its evidence.

    Attributes:
        evidence: where it is sealed, who and when.
        service: first label of the event source (`kms`, `rds`, `backup`, `cloudtrail`).
        body: the whole JSON object, as decoded.
    """

    evidence: Evidence
    service: str
    body: Members

    @property
    def name(self) -> str:
        """The event's name, as evidence cites it."""
        return self.evidence.event_name

    @property
    def request(self) -> Members:
        """`requestParameters`, empty where it is null or text."""
        return members(self.body, "requestParameters")

    @property
    def response(self) -> Members:
        """`responseElements`, empty where it is null or text."""
        return members(self.body, "responseElements")

    @property
    def details(self) -> Members:
        """`serviceEventDetails` of an AwsServiceEvent."""
        return members(self.body, "serviceEventDetails")

    @property
    def additional(self) -> Members:
        """`additionalEventData`."""
        return members(self.body, "additionalEventData")

    @property
    def region(self) -> str:
        """`awsRegion`, empty where unknown."""
        return self.evidence.region or ""

    @property
    def account(self) -> str:
        """The account that received the record, empty where unknown."""
        return self.evidence.account or ""

    @property
    def resource_arns(self) -> tuple[str, ...]:
        """ARNs of `resources`, in the order written; entries may lack a type or write `arn`."""
        return arns_of(self.body.get("resources"))


def arns_of(listed: object) -> tuple[str, ...]:
    """Return the ARNs of a record's `resources`, as decoded; see `Record.resource_arns`."""
    found: list[str] = []
    for item in listed if isinstance(listed, list) else ():
        arn = item if isinstance(item, str) else text(as_members(item), "ARN", "arn")
        if arn is not None:
            found.append(arn)
    return tuple(found)


def members(parent: Members, name: str) -> Members:
    """Return the object under *name*, or an empty one."""
    value = parent.get(name)
    return value if type(value) is dict else as_members(value)


def as_members(value: object) -> Members:
    """Return an object as it is, and an empty one for anything else."""
    # What was decoded from JSON is a dict, and asking an abstract class takes ten times as long.
    return value if type(value) is dict or isinstance(value, Mapping) else _NONE


def text(parent: Members, name: str, other: str = "") -> str | None:
    """Return the non-empty string under a name, else the one under another."""
    value = parent.get(name)
    if value and isinstance(value, str):
        return value
    return text(parent, other) if other else None


def texts(parent: Members, name: str) -> tuple[str, ...]:
    """Return the strings in the list under *name*; empty where it is no list."""
    value = parent.get(name)
    listed = value if isinstance(value, list) else []
    return tuple(item for item in listed if isinstance(item, str))


def flag(parent: Members, name: str) -> bool | None:
    """Return the boolean under *name*; the texts `true` and `false` count as such."""
    value = parent.get(name)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    return None


def number(parent: Members, name: str) -> int | None:
    """Return the integer under *name*; digits in text count."""
    value = parent.get(name)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:  # noqa: PLR2004
        return int(value)
    return None


def arn(partition_of: str, service: str, region: str, account: str, rest: str) -> str:
    """Build an ARN in the partition to which the Region *partition_of* belongs."""
    partition = "aws"
    if partition_of.startswith("cn-"):
        partition = "aws-cn"
    elif partition_of.startswith("us-gov-"):
        partition = "aws-us-gov"
    return f"arn:{partition}:{service}:{region}:{account}:{rest}"


def sibling(of: str, rest: str) -> str:
    """Build the ARN of another resource of the same service, Region and account as *of*."""
    return ":".join([*of.split(":")[:5], rest])
