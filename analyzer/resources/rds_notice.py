"""RDS events: what RDS says of a database by itself; they carry what no API call shows.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html (ids,
messages). Delivery is best effort: an event that is missing proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from analyzer.frozen import Frozen
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
    RECOVERED = "recovered on a host that attaches the volume anew"
    MOVED = "moved to another host"
    SERVING = "at work"
    STOP_FAILED = "could not be stopped"
    CREATION_FAILED = "does not come to be"
    REPLICATION_STOPPED = "does not follow its source any more"
    REPLICATION_RESUMED = "follows its source again"
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
    "RDS-EVENT-0152": Notice.STOP_FAILED,
    "RDS-EVENT-0153": Notice.AUTO_STARTING,
    "RDS-EVENT-0028": Notice.BACKUPS_OFF,
    "RDS-EVENT-0032": Notice.BACKUPS_ON,
    # The host lets go of the volume in a recovery (documented) and in a failover (inferred).
    "RDS-EVENT-0013": Notice.MOVED,
    "RDS-EVENT-0015": Notice.MOVED,
    "RDS-EVENT-0020": Notice.RECOVERED,
    "RDS-EVENT-0021": Notice.RECOVERED,
    "RDS-EVENT-0052": Notice.RECOVERED,
    "RDS-EVENT-0053": Notice.RECOVERED,
    "RDS-EVENT-0049": Notice.MOVED,
    "RDS-EVENT-0050": Notice.MOVED,
    "RDS-EVENT-0051": Notice.MOVED,
    "RDS-EVENT-0065": Notice.MOVED,
    # So does, perhaps, a modification that replaces host or storage (inferred).
    "RDS-EVENT-0012": Notice.MOVED,
    "RDS-EVENT-0014": Notice.MOVED,
    "RDS-EVENT-0017": Notice.MOVED,
    "RDS-EVENT-0018": Notice.MOVED,
    "RDS-EVENT-0024": Notice.MOVED,
    "RDS-EVENT-0025": Notice.MOVED,
    "RDS-EVENT-0029": Notice.MOVED,
    "RDS-EVENT-0030": Notice.MOVED,
    "RDS-EVENT-0422": Notice.MOVED,
    # Backups run only while the instance is available.
    "RDS-EVENT-0001": Notice.SERVING,
    "RDS-EVENT-0002": Notice.SERVING,
    "RDS-EVENT-0006": Notice.SERVING,
    "RDS-EVENT-0026": Notice.SERVING,
    "RDS-EVENT-0027": Notice.SERVING,
    "RDS-EVENT-0004": Notice.SAID,
    "RDS-EVENT-0019": Notice.SAID,
    "RDS-EVENT-0031": Notice.PUT_INTO_STATE,
    "RDS-EVENT-0035": Notice.PUT_INTO_STATE,
    "RDS-EVENT-0036": Notice.PUT_INTO_STATE,
    "RDS-EVENT-0043": Notice.SAID,
    "RDS-EVENT-0202": Notice.CREATION_FAILED,
    "RDS-EVENT-0278": Notice.CREATION_FAILED,
    "RDS-EVENT-0353": Notice.CREATION_FAILED,
    "RDS-EVENT-0354": Notice.CREATION_FAILED,
    "RDS-EVENT-0355": Notice.CREATION_FAILED,
    "RDS-EVENT-0045": Notice.REPLICATION_STOPPED,
    "RDS-EVENT-0057": Notice.REPLICATION_STOPPED,
    "RDS-EVENT-0062": Notice.REPLICATION_STOPPED,
    "RDS-EVENT-0416": Notice.REPLICATION_STOPPED,
    "RDS-EVENT-0046": Notice.REPLICATION_RESUMED,
    "RDS-EVENT-0415": Notice.REPLICATION_RESUMED,
}

_STATE = re.compile(
    r"(?:put into|database instance in) ([a-z-]{3,60})(?: state\b|\.|$)", re.ASCII | re.IGNORECASE
)


class DatabaseNotified(Frozen, frozen=True, kw_only=True):
    """RDS said something about a DB instance or cluster."""

    arn: str
    notice: Notice
    message: str

    @property
    def status(self) -> str | None:
        """The status literal that RDS-EVENT-0031 and its like name; None elsewhere."""
        match = _STATE.search(self.message) if self.notice is Notice.PUT_INTO_STATE else None
        return match.group(1).lower() if match is not None else None


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
