"""Blue/green deployments: a green copy of a database comes to be, and takes over its name.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/blue-green-deployments.html (the
green environment replicates from the blue one; at the end of the switchover green gets the names of
blue, and blue gets `-old1` behind its own), .../APIReference/API_CreateBlueGreenDeployment.html,
.../API_SwitchoverBlueGreenDeployment.html and .../USER_Events.Messages.html. Members are spelled as
ARNs of the names that they have at that time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from analyzer.frozen import Frozen
from analyzer.moment import SECOND
from analyzer.record import Members, Record, flag, members, number, text
from analyzer.resource import Decoder
from analyzer.resources.rds_notice import detail_of

Pair = tuple[str, str]
"""ARN of a blue database and of its green copy."""

OLD: Final = "-old1"
"""What stands behind the name of a blue database after a switchover, where no record tells it."""


class DeploymentCreated(Frozen, frozen=True, kw_only=True):
    """CreateBlueGreenDeployment; the green databases have no names yet."""

    deployment: str
    source: str
    pairs: tuple[Pair, ...]


class DeploymentSwitched(Frozen, frozen=True, kw_only=True):
    """SwitchoverBlueGreenDeployment: it begins; RDS takes it back where it does not succeed.

    It is over after `timeout` microseconds, one way or the other.
    """

    deployment: str
    source: str | None
    pairs: tuple[Pair, ...]
    timeout: int


class DeploymentCompleted(Frozen, frozen=True, kw_only=True):
    """RDS-EVENT-0248: the switchover is over, every name has moved."""

    deployment: str


class DeploymentDeleted(Frozen, frozen=True, kw_only=True):
    """DeleteBlueGreenDeployment; `takes_green` if the green databases go with it."""

    deployment: str
    pairs: tuple[Pair, ...]
    takes_green: bool


class DeploymentFailed(Frozen, frozen=True, kw_only=True):
    """RDS could not make the green databases (0245), or took a switchover back (0249 and others).

    `is_of_switchover` tells them apart.
    """

    deployment: str
    is_of_switchover: bool


class Renamed(Frozen, frozen=True, kw_only=True):
    """RDS-EVENT-0251 or 0260: under which name the blue database lives on; names, no ARNs."""

    deployment: str
    blue: str
    green: str
    old: str


DeploymentEvent = (
    DeploymentCreated
    | DeploymentSwitched
    | DeploymentCompleted
    | DeploymentDeleted
    | DeploymentFailed
    | Renamed
)

DEFAULT_TIMEOUT: Final = 300
"""SwitchoverTimeout, in seconds, where a call names none."""

_RENAMED = re.compile(
    r"renamed (\S{1,80}) to (\S{1,80}) and (\S{1,80}) to (\S{1,80}?)\.?$", re.ASCII | re.IGNORECASE
)


def _shown(record: Record) -> Members:
    return members(record.response, "blueGreenDeployment") or record.response


def _pairs(shown: Members) -> tuple[Pair, ...]:
    """Return the pairs of a deployment, the main one first; those without a green name are left."""
    listed = shown.get("switchoverDetails")
    found = [(text(shown, "source"), text(shown, "target"))]
    found += [
        (text(one, "sourceMember"), text(one, "targetMember"))
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping)
    ]
    whole = [(blue, green) for blue, green in found if blue is not None and green is not None]
    return tuple(dict.fromkeys(whole))


def _name(record: Record) -> str | None:
    return text(_shown(record), "blueGreenDeploymentIdentifier") or text(
        record.request, "blueGreenDeploymentIdentifier"
    )


def _created(record: Record) -> DeploymentCreated | None:
    name, shown = _name(record), _shown(record)
    source = text(shown, "source") or text(record.request, "source")
    if name is None or source is None:
        return None
    return DeploymentCreated(deployment=name, source=source, pairs=_pairs(shown))


def _switched(record: Record) -> DeploymentSwitched | None:
    name, shown = _name(record), _shown(record)
    if name is None:
        return None
    asked = number(record.request, "switchoverTimeout")
    return DeploymentSwitched(
        deployment=name,
        source=text(shown, "source"),
        pairs=_pairs(shown),
        timeout=(DEFAULT_TIMEOUT if asked is None else asked) * SECOND,
    )


def _deleted(record: Record) -> DeploymentDeleted | None:
    name = _name(record)
    if name is None:
        return None
    takes_green = flag(record.request, "deleteTarget") is True
    return DeploymentDeleted(deployment=name, pairs=_pairs(_shown(record)), takes_green=takes_green)


def _subject(record: Record) -> str | None:
    """Return the deployment of which an RDS event speaks: the end of its ARN, or its identifier."""
    detail = detail_of(record.body)
    arn = text(detail, "SourceArn") or next(iter(record.resource_arns), "")
    return arn.rpartition(":")[2] or text(detail, "SourceIdentifier")


def _completed(record: Record) -> DeploymentCompleted | None:
    name = _subject(record)
    return None if name is None else DeploymentCompleted(deployment=name)


def _failed(*, is_of_switchover: bool) -> Decoder:
    def decode(record: Record) -> DeploymentFailed | None:
        name = _subject(record)
        if name is None:
            return None
        return DeploymentFailed(deployment=name, is_of_switchover=is_of_switchover)

    return decode


def _renamed(record: Record) -> Renamed | None:
    match = _RENAMED.search(text(detail_of(record.body), "Message") or "")
    name = _subject(record)
    if match is None or name is None:
        return None
    blue, old, green, _ = (part.lower() for part in match.groups())
    return Renamed(deployment=name, blue=blue, green=green, old=old)


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("rds", "CreateBlueGreenDeployment"): _created,
    ("rds", "SwitchoverBlueGreenDeployment"): _switched,
    ("rds", "DeleteBlueGreenDeployment"): _deleted,
    ("rds", "RDS-EVENT-0245"): _failed(is_of_switchover=False),
    ("rds", "RDS-EVENT-0248"): _completed,
    ("rds", "RDS-EVENT-0249"): _failed(is_of_switchover=True),
    ("rds", "RDS-EVENT-0251"): _renamed,
    ("rds", "RDS-EVENT-0252"): _failed(is_of_switchover=True),
    ("rds", "RDS-EVENT-0260"): _renamed,
    ("rds", "RDS-EVENT-0261"): _failed(is_of_switchover=True),
}
