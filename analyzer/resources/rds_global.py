"""Global databases: which clusters stand together in one, and which of them writes.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html,
.../aurora-global-database-disaster-recovery.html (a switchover waits until everything written has
arrived; a failover does not, and may lose it) and .../USER_Events.Messages.html.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from analyzer.record import Record, arn, flag, members, text
from analyzer.resource import Decoder, Inert
from analyzer.resources.rds_database.cluster import cluster_arn
from analyzer.resources.rds_database.events import (
    GlobalJoined,
    GlobalLeft,
    GlobalRenamed,
    GlobalSwitched,
    GlobalSwitchUndone,
)
from analyzer.resources.rds_notice import detail_of

_TARGET: Final = re.compile(
    r"to DB cluster (\S{1,80}) in Region ([a-z0-9-]{3,40})", re.ASCII | re.IGNORECASE
)


def _created(record: Record) -> GlobalJoined | Inert | None:
    source = text(record.request, "sourceDBClusterIdentifier")
    name = text(record.request, "globalClusterIdentifier")
    if name is None:
        return None
    if source is None:
        return Inert(reason="an empty global database: no cluster joins it yet")
    return GlobalJoined(arn=cluster_arn(record, source), global_cluster=name)


def _modified(record: Record) -> GlobalRenamed | Inert | None:
    name = text(record.request, "globalClusterIdentifier")
    new = text(record.request, "newGlobalClusterIdentifier")
    if name is None:
        return None
    if new is None:
        return Inert(reason="settings of a global database: its members stay")
    return GlobalRenamed(old=name.lower(), new=new.lower())


def _switched(record: Record) -> GlobalSwitched | None:
    name = text(record.request, "globalClusterIdentifier")
    target = text(record.request, "targetDbClusterIdentifier")
    if name is None or target is None:
        return None
    state = members(members(record.response, "globalCluster") or record.response, "failoverState")
    may_lose = flag(record.request, "allowDataLoss") or flag(state, "isDataLossAllowed") or False
    return GlobalSwitched(
        global_cluster=name.lower(), arn=cluster_arn(record, target), may_lose=may_lose
    )


def _undone(record: Record) -> GlobalSwitchUndone | None:
    """Read which cluster did not take over: the message names it, and its Region."""
    match = _TARGET.search(text(detail_of(record.body), "Message") or "")
    if match is None:
        return None
    name, region = match.group(1).lower(), match.group(2).lower()
    return GlobalSwitchUndone(arn=arn(region, "rds", region, record.account, f"cluster:{name}"))


def _left(record: Record) -> GlobalLeft | None:
    cluster = text(record.request, "dbClusterIdentifier", "dBClusterIdentifier")
    return None if cluster is None else GlobalLeft(arn=cluster_arn(record, cluster))


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("rds", "CreateGlobalCluster"): _created,
    ("rds", "ModifyGlobalCluster"): _modified,
    ("rds", "SwitchoverGlobalCluster"): _switched,
    ("rds", "FailoverGlobalCluster"): _switched,
    ("rds", "RemoveFromGlobalCluster"): _left,
    ("rds", "RDS-EVENT-0186"): _undone,
    ("rds", "RDS-EVENT-0187"): _undone,
    ("rds", "RDS-EVENT-0239"): _undone,
}
