"""Remedies: the actions of `explain` as commands of the AWS CLI, ready to be copied."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from typing import Any, Final

from tui import people

Json = Mapping[str, Any]


HINTS: Final[Mapping[str, str]] = {
    "ImportKeyMaterial": "the same material as before, KMS takes no other",
    "dump": "while its host still holds the volume",
}
"""What a person must know beside the command."""


def command(action: Json, document: Json) -> str:
    """Return one shell command for an action; an operation we have no command for is a comment.

    Args:
        action: `{"do", "on", "before", "then"}`.
        document: the `explain` document it belongs to.
    """
    spell = _COMMANDS.get(action["do"])
    if spell is None:
        return f"# {action['do']} on {shlex.quote(action['on'])}"
    return spell(action["on"], document)


def broken(line: str, width: int) -> list[str]:
    """Break a command before its options so that it fits and can still be copied."""
    pieces = line.split(" --")
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + len(piece) + 5 > width:
            lines[-1] += " \\"
            lines.append(f"    --{piece}")
        else:
            lines[-1] += f" --{piece}"
    return lines


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


def _connect(on: str, document: Json) -> str:
    """No record of the key names its store, so the command asks KMS for it."""
    store = _aws("kms", "describe-key", on, document, "--key-id", _key_id(on, document))
    store += " --query KeyMetadata.CustomKeyStoreId --output text"
    connect = _aws("kms", "connect-custom-key-store", on, document)
    return f'{connect} --custom-key-store-id "$({store})"'


def _start(on: str, document: Json) -> str:
    return _aws(
        "rds", "start-db-instance", on, document, "--db-instance-identifier", people.name(on)
    )


def _restore_in_time(on: str, document: Json) -> str:
    is_deleted = (document["in_place"] or {}).get("status") == "deleted"
    source = (
        ("--source-dbi-resource-id", document["resource_id"])
        if is_deleted and document["resource_id"]
        else ("--source-db-instance-identifier", people.name(on))
    )
    target = ("--target-db-instance-identifier", _restored(document))
    latest = "--use-latest-restorable-time"
    return _aws(
        "rds", "restore-db-instance-to-point-in-time", on, document, *source, *target, latest
    )


def _restore_snapshot(on: str, document: Json) -> str:
    return _aws(
        "rds", "restore-db-instance-from-db-snapshot", on, document,
        "--db-snapshot-identifier", people.name(on),
        "--db-instance-identifier", _restored(document),
    )  # fmt: skip


def _copy_snapshot(on: str, document: Json) -> str:
    name = people.name(on)
    return _aws(
        "rds", "copy-db-snapshot", on, document,
        "--source-db-snapshot-identifier", name,
        "--target-db-snapshot-identifier", f"{name.replace(':', '-')}-rescued",
        "--kms-key-id", "KEY-THAT-IS-USABLE",
    )  # fmt: skip


def _dump(on: str, document: Json) -> str:
    del document
    name = shlex.quote(people.name(on))
    return f"# read the data of {name} out with the tools of its engine (pg_dump, mysqldump, …)"


def _restored(document: Json) -> str:
    return f"{document['name']}-restored"


_COMMANDS: Final[Mapping[str, Callable[[str, Json], str]]] = {
    "CancelKeyDeletion": _key("cancel-key-deletion"),
    "EnableKey": _key("enable-key"),
    "ImportKeyMaterial": _key(
        "import-key-material",
        "--import-token", "fileb://import-token.bin",
        "--encrypted-key-material", "fileb://encrypted-key-material.bin",
        "--expiration-model", "KEY_MATERIAL_DOES_NOT_EXPIRE",
    ),
    "ConnectCustomKeyStore": _connect,
    "StartDBInstance": _start,
    "RestoreDBInstanceToPointInTime": _restore_in_time,
    "RestoreDBInstanceFromDBSnapshot": _restore_snapshot,
    "CopyDBSnapshot": _copy_snapshot,
    "dump": _dump,
}  # fmt: skip
"""The operations that `explain` proposes."""
