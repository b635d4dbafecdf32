"""Vaults: what AWS Backup says of its recovery points of databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from tests.simulator.actors import internal
from tests.simulator.recorder import Call, Json, Recorder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.simulator.handles import Cluster, Database, Key
    from tests.simulator.times import When


class Vaults(Recorder):
    """The verbs of AWS Backup; a recovery point of RDS has the ARN of a snapshot."""

    def create_backup_vault(
        self, name: str, key: Key | None = None, *, at: When, **call: Unpack[Call]
    ) -> str:
        """CreateBackupVault; return its ARN. Without a key AWS's own for AWS Backup is used."""
        region, account = call.get("region", self.region), call.get("account", self.account)
        arn = f"arn:aws:backup:{region}:{account}:backup-vault:{name}"
        asked = {"backupVaultName": name} | ({} if key is None else {"encryptionKeyArn": key.arn})
        shown = {"backupVaultArn": arn, "backupVaultName": name}
        self.record("backup", "CreateBackupVault", at=at, request=asked, response=shown, **call)
        return arn

    def back_up(
        self,
        database: Database | Cluster,
        *,
        at: When,
        state: str = "COMPLETED",
        **call: Unpack[Call],
    ) -> str:
        """BackupJobCompleted, a service event; return the ARN of the recovery point."""
        part = "cluster-snapshot" if ":cluster:" in database.arn else "snapshot"
        where = f"arn:aws:rds:{database.region}:{database.account}"
        point = f"{where}:{part}:awsbackup:job-{self.ids.uuid()}"
        details: Json = {
            "backupJobId": self.ids.uuid(),
            "recoveryPointArn": point,
            "resourceArn": database.arn,
            "resourceType": "RDS",
            "state": state,
        }
        self._tell("BackupJobCompleted", details, at=at, call=database.home | call)
        return point

    def copy_recovery_point(
        self,
        point: str,
        vault: str,
        *,
        at: When,
        state: str = "COMPLETED",
        **call: Unpack[Call],
    ) -> str:
        """CopyJobCompleted, a service event; return the ARN of the copy."""
        _, _, _, region, account, *_ = vault.split(":")
        part = "cluster-snapshot" if ":cluster-snapshot:" in point else "snapshot"
        copy = f"arn:aws:rds:{region}:{account}:{part}:awsbackup:copyjob-{self.ids.uuid()}"
        details: Json = {
            "copyJobId": self.ids.uuid(),
            "destinationBackupVaultArn": vault,
            "destinationRecoveryPointArn": copy,
            "resourceType": "RDS",
            "sourceRecoveryPointArn": point,
            "state": state,
        }
        self._tell("CopyJobCompleted", details, at=at, call=call)
        return copy

    def expire_recovery_point(self, point: str, *, at: When, **call: Unpack[Call]) -> Json:
        """BackupDeleted, a service event: its lifecycle has ended."""
        return self._tell("BackupDeleted", {"recoveryPointArn": point}, at=at, call=call)

    def _tell(self, name: str, details: Mapping[str, object], *, at: When, call: Call) -> Json:
        told = Call(actor=internal(call.get("account", self.account))) | call
        return self.record(
            "backup", name, at=at, details=details, event_type="AwsServiceEvent", **told
        )
