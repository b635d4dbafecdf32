"""Grounds: the rules by which a moment is concluded that no record states, each with its source.

A statement whose basis is not `observed` names its ground. Where a ground speaks of the lost key of
a database, the era (`recovery/rules.py`) says which text of it was in force. Paths are those of
docs.aws.amazon.com.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Ground(StrEnum):
    """The name of a rule, as answers print it."""

    DELETION_DATE = "key-deletion-date"
    MATERIAL_EXPIRY = "key-material-expiry"
    REPLICA_READY = "replica-key-ready"
    REPLICAS_FIRST = "replicas-before-primary"
    STORE_CONNECTED = "key-store-connected"
    KEY_SERVED = "key-served"
    ACCESS_LOST = "inaccessible-after-loss"
    SEVEN_DAYS = "terminal-after-seven-days"
    STILL_SERVING = "still-serving-later"
    DETACHED = "volume-detached"
    AUTO_START = "started-after-seven-stopped-days"
    PASSAGE = "transition-over"
    GRANT_WITHDRAWN = "grant-withdrawn"
    TOLD_BY_RDS = "told-by-rds-alone"
    RETENTION = "retention-over"
    LAST_COPY = "last-copy-lost"
    LEDGER_BEGINS = "ledger-begins-later"


SOURCES: Final[Mapping[Ground, str]] = {
    Ground.DELETION_DATE: "kms/latest/developerguide/deleting-keys.html",
    Ground.MATERIAL_EXPIRY: "kms/latest/developerguide/importing-keys.html",
    Ground.REPLICA_READY: "kms/latest/developerguide/key-state.html",
    Ground.REPLICAS_FIRST: "kms/latest/developerguide/deleting-keys.html",
    Ground.STORE_CONNECTED: "kms/latest/developerguide/disconnect-keystore.html",
    Ground.KEY_SERVED: "kms/latest/developerguide/key-state.html",
    Ground.ACCESS_LOST: "AmazonRDS/latest/UserGuide/Overview.Encryption.html",
    Ground.SEVEN_DAYS: "AmazonRDS/latest/UserGuide/Overview.Encryption.html",
    Ground.STILL_SERVING: "AmazonRDS/latest/UserGuide/accessing-monitoring.html",
    Ground.DETACHED: "AmazonRDS/latest/UserGuide/Overview.Encryption.html",
    Ground.AUTO_START: "AmazonRDS/latest/UserGuide/USER_StopInstance.html",
    Ground.PASSAGE: "AmazonRDS/latest/UserGuide/accessing-monitoring.html",
    Ground.GRANT_WITHDRAWN: "AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html",
    Ground.TOLD_BY_RDS: "AmazonRDS/latest/UserGuide/USER_Events.Messages.html",
    Ground.RETENTION: "AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
    Ground.LAST_COPY: "the definition of unrecoverable: every copy is dead or gone",
    Ground.LEDGER_BEGINS: "no record from before tells",
}
"""Where each rule is written down."""

OF_LOST_KEY: Final = frozenset(
    {Ground.ACCESS_LOST, Ground.SEVEN_DAYS, Ground.DETACHED, Ground.GRANT_WITHDRAWN}
)
"""Those that an era words."""
