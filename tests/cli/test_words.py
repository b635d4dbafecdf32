"""Words, names and commands that pages are made of."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
from typing import Any

import pytest

from tests.golden import ROOT
from tui import people, remedies
from tui.paint import Canvas
from tui.words import counted, duration, status_lines

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FOREIGN_KEY = KEY.replace("111122223333", "444455556666")
DOCUMENT: dict[str, Any] = {
    "database": "arn:aws:rds:eu-west-1:111122223333:db:orders",
    "name": "orders",
    "resource_id": "db-ABC",
    "in_place": {"status": "available"},
}


@pytest.mark.parametrize(
    ("seconds", "spelled"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_660, "1 h 1 min"), (86_400, "1 d"),
     (86_400 + 59, "1 d"), (6 * 86_400 + 3 * 3_600, "6 d 3 h")],
)  # fmt: skip
def test_a_duration_is_told_in_its_two_largest_units(seconds: int, spelled: str) -> None:
    assert duration(seconds) == spelled


def test_counts_agree_with_their_noun() -> None:
    assert [counted(n, "entry", "entries") for n in (0, 1, 12_345)] == [
        "0 entries", "1 entry", "12 345 entries",
    ]  # fmt: skip


def test_a_long_status_breaks_between_its_words_and_keeps_them_all() -> None:
    status = "inaccessible-encryption-credentials-recoverable"
    lines = status_lines(status, 24)
    assert "".join(lines) == status
    assert max(map(len, lines)) <= 24
    assert status_lines(status, 0) == [status]


def test_an_actor_is_named_by_role_and_session() -> None:
    evidence = {
        "actor": "arn:aws:iam::111122223333:role/KeyJanitor",
        "session": "arn:aws:sts::111122223333:assumed-role/KeyJanitor/alice",
    }
    assert people.actor(evidence) == "role/KeyJanitor (alice)"
    assert people.actor({"actor": "AWS Internal", "session": None}) == "AWS Internal"
    assert people.actor(None) == "nobody on record"


@pytest.mark.parametrize(
    ("do", "on", "command"),
    [
        (
            "CancelKeyDeletion",
            KEY,
            (
                "aws kms cancel-key-deletion --region eu-west-1 "
                "--key-id 1234abcd-12ab-34cd-56ef-1234567890ab"
            ),
        ),
        (
            "EnableKey",
            FOREIGN_KEY,
            f"aws kms enable-key --region eu-west-1 --key-id {FOREIGN_KEY}",
        ),
        (
            "StartDBInstance",
            DOCUMENT["database"],
            "aws rds start-db-instance --region eu-west-1 --db-instance-identifier orders",
        ),
        (
            "RestoreDBInstanceToPointInTime",
            DOCUMENT["database"],
            (
                "aws rds restore-db-instance-to-point-in-time --region eu-west-1 "
                "--source-db-instance-identifier orders "
                "--target-db-instance-identifier orders-restored --use-latest-restorable-time"
            ),
        ),
        (
            "RestoreDBInstanceFromDBSnapshot",
            "arn:aws:rds:eu-west-1:111122223333:snapshot:s1",
            (
                "aws rds restore-db-instance-from-db-snapshot --region eu-west-1 "
                "--db-snapshot-identifier s1 --db-instance-identifier orders-restored"
            ),
        ),
    ],
)
def test_an_action_becomes_a_command_to_copy(do: str, on: str, command: str) -> None:
    assert remedies.command({"do": do, "on": on}, DOCUMENT) == command


def test_a_deleted_database_is_restored_by_its_resource_id() -> None:
    gone = DOCUMENT | {"in_place": {"status": "deleted"}}
    command = remedies.command(
        {"do": "RestoreDBInstanceToPointInTime", "on": gone["database"]}, gone
    )
    assert "--source-dbi-resource-id db-ABC" in command


def test_a_backup_in_another_region_is_restored_there_by_its_own_name() -> None:
    on = "arn:aws:rds:us-west-2:111122223333:auto-backup:ab-1"
    command = remedies.command({"do": "RestoreDBInstanceToPointInTime", "on": on}, DOCUMENT)
    assert "--region us-west-2" in command
    assert f"--source-db-instance-automated-backups-arn {on}" in command


def test_a_hostile_name_stays_one_word_of_the_command() -> None:
    name = "x; rm -rf ~ $(id) `id` 'q'"
    on = f"arn:aws:rds:eu-west-1:111122223333:db:{name}"
    assert shlex.split(remedies.command({"do": "StartDBInstance", "on": on}, DOCUMENT))[-1] == name


def test_every_action_the_analyzer_proposes_has_a_command() -> None:
    proposed = {
        word
        for node in ast.walk(ast.parse((ROOT / "analyzer/recovery/actions.py").read_text()))
        if isinstance(node, ast.Constant) and isinstance(word := node.value, str)
        if re.fullmatch(r"[A-Z][a-z]+[A-Z]\w+", word)
    }
    parameters = {"ImportType", "KeyMaterialId", "ReplicaRegion", "AllowDataLoss"}
    assert {"CancelKeyDeletion", "ImportKeyMaterial", "StartDBInstance"} | parameters <= proposed
    for do in proposed - parameters:
        action = {"do": do, "on": KEY, "parameters": None}
        assert remedies.command(action, DOCUMENT).startswith("aws "), do


def test_each_missing_material_is_imported_by_a_command_of_its_own() -> None:
    asked = {"ImportType": "EXISTING_KEY_MATERIAL", "KeyMaterialId": "ab12" * 16}
    command = remedies.command(
        {"do": "ImportKeyMaterial", "on": KEY, "parameters": asked}, DOCUMENT
    )
    assert f"--import-type EXISTING_KEY_MATERIAL --key-material-id {'ab12' * 16}" in command
    assert "fileb://encrypted-key-material-ab12ab12.bin" in command


def test_an_id_of_material_that_is_none_names_no_file() -> None:
    asked = {"ImportType": "EXISTING_KEY_MATERIAL", "KeyMaterialId": "../x; rm -rf ~"}
    command = remedies.command(
        {"do": "ImportKeyMaterial", "on": KEY, "parameters": asked}, DOCUMENT
    )
    assert asked["KeyMaterialId"] in shlex.split(command)
    assert "fileb://encrypted-key-material.bin" in command


def test_what_is_no_call_of_aws_is_a_comment() -> None:
    dump = remedies.command({"do": "dump", "on": DOCUMENT["database"]}, DOCUMENT)
    assert dump.startswith("# ")
    assert remedies.command({"do": "PrayHard", "on": KEY}, DOCUMENT) == f"# PrayHard on {KEY}"


def test_the_id_of_a_key_stays_whole_where_a_line_has_room_for_it() -> None:
    key_id = "96210f47-394e-4169-ab22-154a166a7aa7"
    on = f"arn:aws:kms:eu-west-1:111122223333:key/{key_id}"
    command = remedies.command({"do": "CancelKeyDeletion", "on": on}, DOCUMENT)
    lines = remedies.broken(command, 38)
    assert [line.strip() for line in lines[-2:]] == ["--key-id \\", key_id]
    assert all(len(line) <= 38 for line in lines)
    assert shlex.split("\n".join(lines).replace("\\\n", "")) == shlex.split(command)


@pytest.mark.parametrize("width", [20, 38, 60, 200])
def test_a_broken_command_says_the_same_to_a_shell(width: int) -> None:
    command = remedies.command({"do": "StartDBInstance", "on": DOCUMENT["database"]}, DOCUMENT)
    joined = "\n".join(remedies.broken(command, width))
    assert shlex.split(joined.replace("\\\n", "")) == shlex.split(command)


@pytest.mark.parametrize("name", ["a --b", "a' --b", "'; id --x '", "$(id) --x"])
def test_a_name_that_looks_like_an_option_is_not_broken(name: str) -> None:
    on = f"arn:aws:rds:eu-west-1:111122223333:db:{name}"
    command = remedies.command({"do": "StartDBInstance", "on": on}, DOCUMENT)
    joined = "\n".join(remedies.broken(command, 20))
    spoken = subprocess.run(
        ["bash", "-c", f"aws() {{ printf '%s\\0' \"$@\"; }}; {joined}"],
        check=True, capture_output=True,
    )  # fmt: skip
    assert spoken.stdout.decode().split("\0")[-2] == name


def test_what_someone_will_copy_is_never_wrapped() -> None:
    canvas = Canvas(width=40, colour=False, zone=None)
    canvas.verbatim(["x " * 60 + "y" * 60])
    assert canvas.text() == "  " + "x " * 60 + "y" * 60 + "\n"
