"""Compare: the model's answers beside the product's, at one moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from tests.model.aws import REC, TERM
from tests.model.clock import EVER
from tests.model.facts import RESTORES
from tests.model.known import Known
from tests.model.script import MANAGED, Script, Step
from tests.model.verdict import Verdict, judge
from tests.replayed import Replayed

NAMES: Final[dict[str, str]] = {
    "create_key": "CreateKey",
    "delete_automated_backup": "DeleteDBInstanceAutomatedBackup",
    "delete_blue_green": "DeleteBlueGreenDeployment",
    "delete_cluster_automated_backup": "DeleteDBClusterAutomatedBackup",
    "delete_db_cluster": "DeleteDBCluster",
    "delete_db_cluster_snapshot": "DeleteDBClusterSnapshot",
    "delete_db_instance": "DeleteDBInstance",
    "delete_db_snapshot": "DeleteDBSnapshot",
    "delete_imported_key_material": "DeleteImportedKeyMaterial",
    "disable_key": "DisableKey",
    "disconnect_key_store": "DisconnectCustomKeyStore",
    "import_key_material": "ImportKeyMaterial",
    "delete_replicated_backup": "DeleteDBInstanceAutomatedBackup",
    "modify_db_cluster": "ModifyDBCluster",
    "modify_db_instance": "ModifyDBInstance",
    "stop_db_cluster": "StopDBCluster",
    "stop_replicating_backups": "StopDBInstanceAutomatedBackupsReplication",
    "schedule_key_deletion": "ScheduleKeyDeletion",
}
INACCESSIBLE: Final = {REC, TERM}


class Beside:
    """A played script: what the product and what the model say of it."""

    def __init__(self, known: Known, replayed: Replayed, made: dict[str, Any]) -> None:
        self.known, self.replayed, self.made = known, replayed, made

    def differences(self, at: int) -> list[str]:
        """Name every difference at a moment."""
        found = []
        for name, key in self.known.states[-1].items():
            if name != MANAGED and key.made <= at:
                found += self._key(name, at)
        for name in databases(self.known.script, at):
            # Of a green database no record may tell the id; its name meant another one before.
            if self.made[name].resource_id in self.replayed.history.groups.database_facts:
                found += self._database(name, at)
        return found

    def _key(self, name: str, at: int) -> list[str]:
        key = self.known.key(name, at)
        assert key is not None
        said = self.replayed.key(self.made[name].arn, timedelta(minutes=at))
        pairs: dict[str, tuple[Any, Any]] = {"state": (key.state, said["state"])}
        if key.state != "Deleted":
            pairs["deletion_date"] = (self._time(key.deletion_date), said["deletion_date"])
        if key.is_either and said["state"] == "Disabled":
            pairs["state"] = (said["state"], said["state"])
        return _unlike(f"key {name}", pairs)

    def _database(self, name: str, at: int) -> list[str]:
        said = self.replayed.explain(self.made[name].resource_id, timedelta(minutes=at))
        meant = judge(self.known, name, at)
        if meant.phase.is_untold:
            return []
        pairs: dict[str, tuple[Any, Any]] = {"verdict": (meant.word, said["verdict"])}
        pairs |= self._loss(meant, said["unrecoverable"])
        pairs |= self._status(meant, said["in_place"])
        copies = sorted((one.kind, self._arn(one.key), one.condition) for one in meant.copies)
        pairs["copies"] = (
            copies, sorted((one["kind"], one["key"], one["condition"]) for one in said["copies"])
        )  # fmt: skip
        pairs["until"] = (self._time(meant.until), said["recoverable_until"])
        if meant.word != "healthy":
            pairs["root"] = (_call(meant.root), _evidence(said["root_cause"]))
        return _unlike(f"database {name}", pairs)

    def _loss(self, meant: Verdict, said: dict[str, Any] | None) -> dict[str, tuple[Any, Any]]:
        loss = meant.loss
        if loss is None or said is None:
            return {"unrecoverable": (loss, said)}
        latest = None if loss.latest == EVER else self._time(loss.latest)
        return {
            "unrecoverable since": (self._time(loss.earliest), said["since"]),
            "unrecoverable latest": (latest, said["latest"]),
            "unrecoverable basis": (loss.basis, said["basis"]),
        }

    def _status(self, meant: Verdict, said: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
        pairs: dict[str, tuple[Any, Any]] = {
            "status": (meant.phase.status, _coarse(said["status"])),
        }
        if meant.phase.status in INACCESSIBLE:
            pairs["status since"] = (self._time(meant.phase.at), said["since"])
            pairs["status basis"] = (meant.phase.basis, said["basis"])
        return pairs

    def _arn(self, key: str) -> str:
        return str(self.made[key].arn)

    def _time(self, at: int | None) -> str | None:
        return None if at is None else self.replayed.time(timedelta(minutes=at))


def databases(script: Script, at: int) -> list[str]:
    """The databases that have been created by a moment."""
    creations = {"create_db_instance", "create_read_replica", "switch_over_blue_green", *RESTORES}
    return [
        str(step.result)
        for step in script
        if step.deed in creations and not step.error and step.at <= at
    ]


def _coarse(status: str) -> str:
    """Transitional statuses count as what they end in."""
    reached = dict.fromkeys(("creating", "modifying", "rebooting", "starting"), "available")
    return {**reached, "stopping": "stopped", "deleting": "deleted"}.get(status, status)


def _call(step: Step | None) -> tuple[str, str] | None:
    return None if step is None else (NAMES[step.verb], str(step.actor))


def _evidence(said: dict[str, Any] | None) -> tuple[str, str] | None:
    if said is None:
        return None
    return said["event_name"], str(said["actor"]).rpartition("/")[2]


def _unlike(about: str, pairs: dict[str, tuple[Any, Any]]) -> list[str]:
    return [
        f"{about}: {what}: model {meant!r}, product {said!r}"
        for what, (meant, said) in pairs.items()
        if meant != said
    ]
