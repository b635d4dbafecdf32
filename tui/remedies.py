"""Remedies: the actions of `explain` as commands of the AWS CLI, ready to be copied."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any, Final

from tui import people
from tui.harmless import harmless

Json = Mapping[str, Any]


HINTS: Final[Mapping[str, str]] = {
    "ImportKeyMaterial": "the very same material, under a token of get-parameters-for-import",
    "ReplicateKey": "from the Region of a living key of the same family",
    "FailoverGlobalCluster": "aws rds describe-global-clusters tells the name of the whole",
    "StartRestoreJob": "get-recovery-point-restore-metadata tells what metadata.json needs",
    "dump": "while its host still holds the volume",
}
"""What a person must know beside the command."""


def command(action: Json, document: Json) -> str:
    """Return one shell command for an action; an operation we have no command for is a comment.

    Args:
        action: `{"do", "on", "before", "then", "parameters"}`.
        document: the `explain` document it belongs to.
    """
    if action["do"] == "ImportKeyMaterial":
        return _import(action["on"], document, action["parameters"] or {})
    spell = _COMMANDS.get(action["do"])
    if spell is None:
        return harmless(f"# {action['do']} on {shlex.quote(action['on'])}")
    return spell(action["on"], document)


def broken(line: str, width: int) -> list[str]:
    """Break a command before its options so that it fits and can still be copied.

    Inside of quotes a break would be part of the word, so a name that looks like an option, or
    that holds a quote itself, keeps its line whole.
    """
    if '"\'"' in line or any(" --" in quoted for quoted in re.findall("'[^']*'", line)):
        return [line]
    pieces = line.split(" --")
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + len(piece) + 5 > width:
            lines[-1] += " \\"
            lines += _option(piece, width)
        else:
            lines[-1] += f" --{piece}"
    return lines


def _option(piece: str, width: int) -> list[str]:
    """Return an option on a line, or two where its value, such as a key's id, fits only alone."""
    name, _, value = piece.partition(" ")
    if len(piece) + 8 <= width or not value:
        return [f"    --{piece}"]
    return [f"    --{name} \\", " " * max(0, min(6, width - len(value) - 2)) + value]


def _aws(service: str, operation: str, on: str, document: Json, *options: str) -> str:
    region = people.place(on)[1] or people.place(document["database"])[1]
    where = ["--region", region] if region else []
    return shlex.join(["aws", service, operation, *where, *options])


def _key(operation: str, *options: str) -> Callable[[str, Json], str]:
    def spell(on: str, document: Json) -> str:
        return _aws("kms", operation, on, document, "--key-id", _key_id(on, document), *options)

    return spell


def _key_id(arn: str, document: Json) -> str:
    """Return the key's id, or its ARN where another account has to be named."""
    at_home = people.place(arn)[0] == people.place(document["database"])[0]
    return people.name(arn) if at_home else arn


def _import(on: str, document: Json, parameters: Mapping[str, str]) -> str:
    """Each material is wrapped in a file of its own, named by the beginning of its id."""
    material = parameters.get("KeyMaterialId", "")
    of_it = f"-{material[:8]}" if re.fullmatch("[0-9a-fA-F]{64}", material) else ""
    which = ["--import-type", parameters["ImportType"]] if "ImportType" in parameters else []
    which += ["--key-material-id", material] if material else []
    return _aws(
        "kms", "import-key-material", on, document, "--key-id", _key_id(on, document), *which,
        "--import-token", "fileb://import-token.bin",
        "--encrypted-key-material", f"fileb://encrypted-key-material{of_it}.bin",
        "--expiration-model", "KEY_MATERIAL_DOES_NOT_EXPIRE",
    )  # fmt: skip


def _connect(on: str, document: Json) -> str:
    """No record of the key names its store, so the command asks KMS for it."""
    connect = _aws("kms", "connect-custom-key-store", on, document)
    key = ("--key-id", _key_id(on, document))
    store = _asked("KeyMetadata.CustomKeyStoreId", "kms", "describe-key", on, document, *key)
    return f"{connect} --custom-key-store-id {store}"


def _replicate(on: str, document: Json) -> str:
    """No record of the lost replica names the Region of its relatives."""
    del document
    key, region = ("--key-id", people.name(on)), ("--replica-region", people.place(on)[1])
    return shlex.join(["aws", "kms", "replicate-key", "--region", "PRIMARY-REGION", *key, *region])


def _named(operation: str, option: str, *options: str) -> Callable[[str, Json], str]:
    """Return what spells an operation of RDS on one thing by its name."""

    def spell(on: str, document: Json) -> str:
        return _aws("rds", operation, on, document, option, people.name(on), *options)

    return spell


def _in_time(operation: str, kind: str, target: str) -> Callable[[str, Json], str]:
    """Return what spells a restore to the latest moment.

    A deleted database is named by its resource id, a backup in another Region by its own ARN.
    """

    def spell(on: str, document: Json) -> str:
        is_deleted = (document["in_place"] or {}).get("status") == "deleted"
        source = (f"--source-{kind}-identifier", people.name(on))
        if is_deleted and document["resource_id"]:
            resource = "dbi" if kind == "db-instance" else kind
            source = (f"--source-{resource}-resource-id", document["resource_id"])
        if people.short(on).startswith("auto-backup:"):
            source = ("--source-db-instance-automated-backups-arn", on)
        made = (target, _restored(document), "--use-latest-restorable-time")
        return _aws("rds", operation, on, document, *source, *made)

    return spell


def _restore_snapshot(on: str, document: Json) -> str:
    return _aws(
        "rds", "restore-db-instance-from-db-snapshot", on, document,
        "--db-snapshot-identifier", people.name(on),
        "--db-instance-identifier", _restored(document),
    )  # fmt: skip


def _restore_cluster_snapshot(on: str, document: Json) -> str:
    """A cluster is restored empty of instances, and its engine has to be named."""
    name = people.name(on)
    query = "DBClusterSnapshots[0].Engine"
    snapshot = ("--db-cluster-snapshot-identifier", name)
    engine = _asked(query, "rds", "describe-db-cluster-snapshots", on, document, *snapshot)
    restore = _aws(
        "rds", "restore-db-cluster-from-snapshot", on, document,
        "--snapshot-identifier", name, "--db-cluster-identifier", _restored(document),
    )  # fmt: skip
    return f"{restore} --engine {engine}"


def _fail_over(on: str, document: Json) -> str:
    return _aws(
        "rds", "failover-global-cluster", on, document,
        "--global-cluster-identifier", "GLOBAL-CLUSTER",
        "--target-db-cluster-identifier", on, "--allow-data-loss",
    )  # fmt: skip


def _restore_point(on: str, document: Json) -> str:
    return _aws(
        "backup", "start-restore-job", on, document,
        "--recovery-point-arn", on, "--iam-role-arn", "ROLE-OF-AWS-BACKUP",
        "--metadata", "file://metadata.json",
    )  # fmt: skip


def _asked(query: str, service: str, operation: str, on: str, document: Json, *more: str) -> str:
    """Return a shell word that asks AWS for one value which no record tells."""
    asking = _aws(service, operation, on, document, *more, "--query", query, "--output", "text")
    return f'"$({asking})"'


def _dump(on: str, document: Json) -> str:
    del document
    name = shlex.quote(people.name(on))
    told = f"# read the data of {name} out with the tools of its engine (pg_dump, mysqldump, …)"
    return harmless(told)  # a line break would end the comment


def _restored(document: Json) -> str:
    return f"{document['name']}-restored"


_COMMANDS: Final[Mapping[str, Callable[[str, Json], str]]] = {
    "CancelKeyDeletion": _key("cancel-key-deletion"),
    "EnableKey": _key("enable-key"),
    "ConnectCustomKeyStore": _connect,
    "ReplicateKey": _replicate,
    "StartDBInstance": _named("start-db-instance", "--db-instance-identifier"),
    "StartDBCluster": _named("start-db-cluster", "--db-cluster-identifier"),
    "RestoreDBInstanceToPointInTime": _in_time(
        "restore-db-instance-to-point-in-time", "db-instance", "--target-db-instance-identifier"
    ),
    "RestoreDBClusterToPointInTime": _in_time(
        "restore-db-cluster-to-point-in-time", "db-cluster", "--db-cluster-identifier"
    ),
    "RestoreDBInstanceFromDBSnapshot": _restore_snapshot,
    "RestoreDBClusterFromSnapshot": _restore_cluster_snapshot,
    "PromoteReadReplica": _named("promote-read-replica", "--db-instance-identifier"),
    "PromoteReadReplicaDBCluster": _named(
        "promote-read-replica-db-cluster", "--db-cluster-identifier"
    ),
    "FailoverGlobalCluster": _fail_over,
    "StartRestoreJob": _restore_point,
    "dump": _dump,
}  # fmt: skip
"""The operations that `explain` proposes."""
