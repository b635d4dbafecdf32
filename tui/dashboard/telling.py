"""Telling: events and their people in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tui import people
from tui.dashboard.line import Piece, said

Json = Mapping[str, Any]

_DEEDS: Final[Mapping[str, str]] = {
    "CancelKeyDeletion": "cancelled the deletion of the key",
    "ConnectCustomKeyStore": "connected the key store",
    "CopyDBClusterSnapshot": "copied a cluster snapshot",
    "CopyDBSnapshot": "copied a snapshot",
    "CreateAlias": "gave the key an alias",
    "CreateDBCluster": "created the cluster",
    "CreateDBInstance": "created the database",
    "CreateDBSnapshot": "took a snapshot",
    "CreateGrant": "granted the use of the key",
    "CreateKey": "created the key",
    "DeleteAlias": "deleted an alias",
    "DeleteDBCluster": "deleted the cluster",
    "DeleteDBClusterAutomatedBackup": "deleted the cluster's backups",
    "DeleteDBClusterSnapshot": "deleted a cluster snapshot",
    "DeleteDBInstance": "deleted the database",
    "DeleteDBInstanceAutomatedBackup": "deleted the automated backups",
    "DeleteDBSnapshot": "deleted a snapshot",
    "DeleteExpiredKeyMaterial": "deleted the key's material, which had expired",
    "DeleteImportedKeyMaterial": "deleted the key's imported material",
    "DeleteKey": "deleted the key",
    "DeleteRecoveryPoint": "deleted a recovery point",
    "DisableKey": "disabled the key",
    "DisconnectCustomKeyStore": "disconnected the key store",
    "EnableKey": "enabled the key",
    "ImportKeyMaterial": "imported key material",
    "ModifyDBCluster": "changed the cluster",
    "ModifyDBInstance": "changed the database",
    "PutEventSelectors": "changed what the trail writes",
    "PutKeyPolicy": "changed the key's policy",
    "RebootDBInstance": "rebooted the database",
    "RestoreDBInstanceFromDBSnapshot": "restored the database from a snapshot",
    "RestoreDBInstanceToPointInTime": "restored the database to a point in time",
    "RetireGrant": "retired a grant on the key",
    "RevokeGrant": "revoked a grant on the key",
    "ScheduleKeyDeletion": "scheduled the key for deletion",
    "StartDBCluster": "started the cluster",
    "StartDBInstance": "started the database",
    "StopDBCluster": "stopped the cluster",
    "StopDBInstance": "stopped the database",
    "StopLogging": "stopped the trail",
    "UpdateAlias": "pointed an alias at another key",
}
"""What somebody did, by the name of the call, to be read behind the name of who it was."""

NOTICES: Final[Mapping[str, str]] = {
    "KMS CMK Deletion": "KMS says that the key is deleted",
    "KMS Imported Key Material Expiration": "KMS says that the key's material expired",
    "RDS-EVENT-0001": "RDS backs the database up",
    "RDS-EVENT-0002": "RDS has backed the database up",
    "RDS-EVENT-0003": "RDS has deleted the database",
    "RDS-EVENT-0005": "RDS has created the database",
    "RDS-EVENT-0087": "RDS has stopped the database",
    "RDS-EVENT-0088": "RDS has started the database",
    "RDS-EVENT-0418": "RDS finds that it cannot use the key",
    "RDS-EVENT-0419": "RDS takes the database offline",
    "RDS-EVENT-0420": "RDS can use the key again",
}
"""What a service says by itself."""


IN_BRIEF: Final[Mapping[str, str]] = {
    "KMS CMK Deletion": "key deleted",
    "KMS Imported Key Material Expiration": "key material expired",
    "RDS-EVENT-0001": "backup begins",
    "RDS-EVENT-0002": "backup done",
    "RDS-EVENT-0003": "database deleted",
    "RDS-EVENT-0005": "database created",
    "RDS-EVENT-0087": "database stopped",
    "RDS-EVENT-0088": "database started",
    "RDS-EVENT-0418": "key cannot be used",
    "RDS-EVENT-0419": "database offline",
    "RDS-EVENT-0420": "key usable again",
}
"""The same in two or three words, for the list of events; the service says who speaks."""


def person(evidence: Json) -> str:
    """Return who did it in one or two words: the session's name, else the user's or role's."""
    session = evidence.get("session")
    if session:
        return str(session).rpartition("/")[2]
    return people.actor(evidence).rpartition("/")[2]


def deed(evidence: Json) -> tuple[Piece, ...]:
    """Return an event as a sentence without its full stop, people and names set off."""
    name = str(evidence["event_name"])
    if name in NOTICES:
        return (said(NOTICES[name]),)
    what, error = _DEEDS.get(name), evidence["error"]
    who = said(people.actor(evidence), "strong")
    if error:
        return (who, Piece(" tried "), said(name), Piece(": "), said(error, "warn"))
    if what is None:
        return (who, Piece(" called "), said(name))
    return (who, Piece(f" {what}"))


def is_told(name: str) -> bool:
    """Whether there is a sentence for an event of that name."""
    return name in _DEEDS or name in NOTICES
