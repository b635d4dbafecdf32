"""Calls on keys that a driver may pick."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from tests.model.drive import Drive, choose
from tests.model.keys import (
    EXISTS,
    INVALID,
    UNSUPPORTED,
    WRONG_MATERIAL,
    Key,
    answer,
    living_relatives,
)
from tests.model.script import DAY, Minute, Ref

WINDOWS: Final = (7, 8, 12, 30)
SUFFIXES: Final = {"us-east-1": "", "eu-west-1": "e", "us-west-2": "w"}
REGIONS: Final = tuple(SUFFIXES)
EXPIRIES: Final = (0, 0, 1, 3, 9)
"""Days until imported material expires; 0 means never."""


def on_key(drive: Drive, verb: str, *args: Any, **options: Any) -> None:
    key = drive.target
    if verb == "cancel_key_deletion" and any(not one.is_here for one in key.materials.values()):
        return  # what state a key without its material is in then is not documented
    _call(drive, key, verb, *args, error=answer(key, verb), **options)


def _call(drive: Drive, key: Key, verb: str, *args: Any, **options: Any) -> None:
    step = drive.step(verb, Ref(key.name), *args, **options)
    drive.account.on_key(step)


def schedule(drive: Drive) -> None:
    window = WINDOWS[drive.pick.other // 4 % len(WINDOWS)]
    key = drive.target
    waits = key.is_primary and bool(living_relatives(drive.account.keys, key))
    options = {"waits_for_replicas": True} if waits else {}
    on_key(drive, "schedule_key_deletion", window, **options)


def save(drive: Drive) -> None:
    """Do what makes a key usable again: the next of the calls that it takes."""
    key = drive.target
    if key.state == "Deleted" and key.family:
        replicate(drive)
    elif key.state.startswith("Pending") and key.state.endswith("Deletion"):
        on_key(drive, "cancel_key_deletion")
    elif key.state == "PendingImport" and key.kind == "external":
        import_material(drive)
    elif key.state == "Unavailable":
        connect(drive)
    else:
        on_key(drive, "enable_key")


def import_material(drive: Drive) -> None:
    """Import material that is missing or due; in a ninth of the cases another one is tried."""
    key, pick = drive.target, drive.pick
    missing = [name for name, one in key.materials.items() if not one.is_here]
    name = choose(missing or list(key.materials) or [material(key, 0)], pick.other // 4)
    error = answer(key, "import_key_material")
    if pick.luck % 9 == 8 and error is None and key.materials:
        name, error = "f" * 64, WRONG_MATERIAL
    _import(drive, key, name, error)


def import_new(drive: Drive) -> None:
    """Import further material, for a rotation on demand to come; a key has two at most."""
    key = drive.target
    error = answer(key, "import_key_material")
    if error is None and key.state == "PendingImport":
        error = INVALID
    if len(key.materials) != 1 and error is None:
        return
    _import(drive, key, material(key, 1), error, is_new=True)


def _import(drive: Drive, key: Key, name: str, error: str | None, **options: Any) -> None:
    days = EXPIRIES[drive.pick.luck // 16 % len(EXPIRIES)]
    if days:
        options["valid_to"] = Minute(drive.at + days * DAY + 7)
    _call(drive, key, "import_key_material", material=name, error=error, **options)


def material(key: Key, number: int) -> str:
    """The material ids of a key: 64 hexadecimal digits."""
    return f"{number}{key.name[1:]:0>63}"


def delete_material(drive: Drive) -> None:
    """Delete material that is there; what deletes material of a key without some is not told."""
    key = drive.target
    if key.kind == "external" and key.state == "PendingImport":
        return
    here = [name for name, one in key.materials.items() if one.is_here]
    named = {"material": choose(here, drive.pick.other // 4)} if here else {}
    on_key(drive, "delete_imported_key_material", **named)


def rotate(drive: Drive) -> None:
    """Rotate on demand: a key with imported material needs new material for it."""
    key = drive.target
    error = answer(key, "rotate_key_on_demand")
    waits = any(one.is_pending for one in key.materials.values())
    if error is None and key.kind == "external" and not waits:
        error = UNSUPPORTED
    _call(drive, key, "rotate_key_on_demand", error=error)


def disconnect(drive: Drive) -> None:
    _store(drive, "disconnect_key_store")


def connect(drive: Drive) -> None:
    _store(drive, "connect_key_store")


def _store(drive: Drive, verb: str) -> None:
    if any(key.store for key in drive.account.keys.values()):
        drive.account.on_key(drive.step(verb, "cks-1"))


def replicate(drive: Drive) -> None:
    """Make a replica in another Region; where there is one already that is refused."""
    family = [key for key in drive.account.keys.values() if key.is_primary]
    if not family:
        return
    primary = choose(family, drive.pick.which)
    region = choose([one for one in REGIONS if one != primary.region], drive.pick.other // 4)
    error = answer(primary, "replicate_key")
    taken = {one.region for one in living_relatives(drive.account.keys, primary)}
    if error is None and region in taken:
        error = EXISTS
    name = f"{primary.family}{SUFFIXES[region]}"
    _call(drive, primary, "replicate_key", region, error=error, result=name)


def move_primary(drive: Drive) -> None:
    """Make a replica the primary key; both have to be enabled."""
    keys = drive.account.keys
    family = [key for key in keys.values() if key.is_primary and living_relatives(keys, key)]
    if not family:
        return
    primary = choose(family, drive.pick.which)
    new = choose(living_relatives(keys, primary), drive.pick.other // 4)
    error = answer(primary, "update_primary_region") or answer(new, "update_primary_region")
    _call(drive, primary, "update_primary_region", new.region, error=error)


def grant(drive: Drive) -> None:
    on_key(drive, "create_grant")


def tag(drive: Drive) -> None:
    on_key(drive, "tag_key", "team", "data")


KEY_CALLS: Final[tuple[Callable[[Drive], None], ...]] = (
    partial(on_key, verb="disable_key"),
    partial(on_key, verb="disable_key"),
    partial(on_key, verb="enable_key"),
    schedule,
    schedule,
    schedule,
    save,
    save,
    save,
    partial(on_key, verb="cancel_key_deletion"),
    delete_material,
    delete_material,
    import_material,
    import_new,
    rotate,
    disconnect,
    disconnect,
    connect,
    replicate,
    replicate,
    move_primary,
    grant,
    tag,
)
