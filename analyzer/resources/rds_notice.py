"""RDS events: what RDS says of a database by itself; they carry what no API call shows.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html (ids,
messages). Delivery is best effort: an event that is missing proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from analyzer.record import Members, Record, members, text
from analyzer.resource import Decoder, Inert


class Notice(StrEnum):
    """What an RDS event means for the model; the value is a word for the screen."""

    KEY_UNREACHABLE = "key unreachable"
    INACCESSIBLE = "database becomes inaccessible"
    KEY_REACHABLE = "key reachable again"
    CREATED = "created"
    DELETED = "deleted"
    STOPPED = "stopped"
    STARTED = "started"
    AUTO_STARTING = "started after seven stopped days"
    BACKUPS_OFF = "automated backups switched off"
    BACKUPS_ON = "automated backups switched on"
    MOVED = "moved to another host"
    SERVING = "at work"
    PUT_INTO_STATE = "put into another state"
    SAID = "said"


OF_KEY: Final = frozenset({Notice.KEY_UNREACHABLE, Notice.INACCESSIBLE, Notice.KEY_REACHABLE})
"""Told of instances only, also where these are members of a cluster."""

NOTICES: Final[Mapping[str, Notice]] = {
    "RDS-EVENT-0418": Notice.KEY_UNREACHABLE,
    "RDS-EVENT-0419": Notice.INACCESSIBLE,
    "RDS-EVENT-0420": Notice.KEY_REACHABLE,
    "RDS-EVENT-0005": Notice.CREATED,
    "RDS-EVENT-0003": Notice.DELETED,
    "RDS-EVENT-0087": Notice.STOPPED,
    "RDS-EVENT-0088": Notice.STARTED,
    "RDS-EVENT-0154": Notice.AUTO_STARTING,
    "RDS-EVENT-0170": Notice.CREATED,
    "RDS-EVENT-0171": Notice.DELETED,
    "RDS-EVENT-0150": Notice.STOPPED,
    "RDS-EVENT-0151": Notice.STARTED,
    "RDS-EVENT-0153": Notice.AUTO_STARTING,
    "RDS-EVENT-0028": Notice.BACKUPS_OFF,
    "RDS-EVENT-0032": Notice.BACKUPS_ON,
    # A failover or a host recovery attaches the volume anew.
    "RDS-EVENT-0013": Notice.MOVED,
    "RDS-EVENT-0015": Notice.MOVED,
    "RDS-EVENT-0020": Notice.MOVED,
    "RDS-EVENT-0021": Notice.MOVED,
    "RDS-EVENT-0049": Notice.MOVED,
    "RDS-EVENT-0050": Notice.MOVED,
    "RDS-EVENT-0051": Notice.MOVED,
    "RDS-EVENT-0065": Notice.MOVED,
    # Backups run only while the instance is available.
    "RDS-EVENT-0001": Notice.SERVING,
    "RDS-EVENT-0002": Notice.SERVING,
    "RDS-EVENT-0006": Notice.SERVING,
    "RDS-EVENT-0004": Notice.SAID,
    "RDS-EVENT-0019": Notice.SAID,
    "RDS-EVENT-0031": Notice.PUT_INTO_STATE,
    "RDS-EVENT-0043": Notice.SAID,
}

MESSAGES: Final[tuple[tuple[str, str], ...]] = (
    # describe-events shows no id: a distinctive part of the message stands for it.
    ("is unable to access the kms encryption key for database instance", "RDS-EVENT-0418"),
    ("has been unable to access the kms encryption key for database instance", "RDS-EVENT-0419"),
    ("can now successfully access the kms encryption key for database instance", "RDS-EVENT-0420"),
    ("exceeding the maximum allowed time being stopped", "RDS-EVENT-0154"),
    ("db cluster created", "RDS-EVENT-0170"),
    ("db cluster deleted", "RDS-EVENT-0171"),
    ("db cluster stopped", "RDS-EVENT-0150"),
    ("db cluster started", "RDS-EVENT-0151"),
    ("db instance created", "RDS-EVENT-0005"),
    ("db instance deleted", "RDS-EVENT-0003"),
    ("db instance stopped", "RDS-EVENT-0087"),
    ("db instance started", "RDS-EVENT-0088"),
    ("disabled automated backups", "RDS-EVENT-0028"),
    ("enabled automated backups", "RDS-EVENT-0032"),
    ("finished db instance backup", "RDS-EVENT-0002"),
    ("backing up db instance", "RDS-EVENT-0001"),
    ("db instance restarted", "RDS-EVENT-0006"),
    ("db instance shutdown", "RDS-EVENT-0004"),
    ("recovery of the db instance is complete", "RDS-EVENT-0021"),
    ("recovery of the db instance has started", "RDS-EVENT-0020"),
    ("multi-az instance failover completed", "RDS-EVENT-0049"),
    ("multi-az instance failover started", "RDS-EVENT-0013"),
    ("db instance put into", "RDS-EVENT-0031"),
)


_STATE = re.compile(r"put into ([a-z-]{3,60}) state", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseNotified:
    """RDS said something about a DB instance or cluster."""

    arn: str
    notice: Notice
    message: str

    @property
    def status(self) -> str | None:
        """The status literal that RDS-EVENT-0031 names; None elsewhere."""
        match = _STATE.search(self.message) if self.notice is Notice.PUT_INTO_STATE else None
        return match.group(1).lower() if match is not None else None


def event_id_of(message: str) -> str | None:
    """Return the RDS-EVENT id whose documented message *message* carries, or None."""
    lowered = message.lower()
    return next((event_id for part, event_id in MESSAGES if part in lowered), None)


def detail_of(body: Members) -> Members:
    """Return the part of an envelope, or the describe-events row itself, that speaks."""
    return members(body, "detail") or body


def _notified(record: Record) -> DatabaseNotified | Inert | None:
    detail = detail_of(record.body)
    arn = text(detail, "SourceArn") or next(iter(record.resource_arns), None)
    if arn is None:
        return None
    if not (":db:" in arn or ":cluster:" in arn):
        return Inert(reason="it speaks of something else than a database")
    return DatabaseNotified(
        arn=arn, notice=NOTICES[record.name], message=text(detail, "Message") or ""
    )


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("rds", event_id): _notified for event_id in NOTICES
}
