"""Keys: how they answer calls and how they change state (sections 1.2 to 1.7 of the AWS page)."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from typing import Final

from tests.model.script import DAY, Step

OK: Final = None
DISABLED: Final = "DisabledException"
INVALID: Final = "KMSInvalidStateException"
UNSUPPORTED: Final = "UnsupportedOperationException"
NOT_FOUND: Final = "NotFoundException"
WRONG_MATERIAL: Final = "IncorrectKeyMaterialException"

EXISTS: Final = "AlreadyExistsException"

COLUMNS: Final = ("Enabled", "Disabled", "PendingDeletion", "PendingImport", "Unavailable")
ANSWERS: Final[dict[str, tuple[str | None, ...]]] = {
    "cancel_key_deletion": (INVALID, INVALID, OK, INVALID, INVALID),
    "create_grant": (OK, DISABLED, INVALID, INVALID, OK),
    "decrypt": (OK, DISABLED, DISABLED, INVALID, INVALID),
    "delete_imported_key_material": (OK, OK, OK, OK, UNSUPPORTED),
    "disable_key": (OK, OK, INVALID, INVALID, OK),
    "enable_key": (OK, OK, INVALID, INVALID, OK),
    "import_key_material": (OK, OK, INVALID, OK, UNSUPPORTED),
    "replicate_key": (OK, DISABLED, INVALID, INVALID, UNSUPPORTED),
    "rotate_key_on_demand": (OK, DISABLED, INVALID, INVALID, UNSUPPORTED),
    "schedule_key_deletion": (OK, OK, INVALID, OK, OK),
    "tag_key": (OK, OK, INVALID, OK, OK),
    "update_primary_region": (OK, DISABLED, INVALID, INVALID, UNSUPPORTED),
}
"""Section 1.3: what a key in a state answers to an operation."""


@dataclass(slots=True)
class Material:
    """Imported material; `by` is the import that counts, `until` its expiry if it has one."""

    by: Step
    until: int | None
    is_here: bool = True
    is_pending: bool = False


@dataclass(slots=True)
class Key:
    """A key as it is at the moment; `kind` is plain, external, store, family or managed.

    Attributes:
        family: of a multi-Region key the name that it shares with its relatives.
        is_primary: whether it is the one of them that can be replicated.
        window: the waiting period that was asked for, in days.
        before: the state that a connection of the store brings back, while it is disconnected.
        lost_by: the accountable call since which the key cannot be used; None while it can.
        lost_event: the event that took it out of use, which for an expiry is not that call.
        deleted: the event that deleted the key.
        deleted_by: the call that scheduled the deletion, from when it is pending.
        is_either: whether Disabled is right as well (row 28 of the truth table).
    """

    name: str
    kind: str
    made: int
    region: str = "us-east-1"
    state: str = "Enabled"
    before: str | None = None
    store: str | None = None
    deletion_date: int | None = None
    lost_at: int | None = None
    lost_by: Step | None = None
    lost_event: Step | None = None
    deleted: Step | None = None
    deleted_by: Step | None = None
    materials: dict[str, Material] = field(default_factory=dict)
    current: str | None = None
    is_either: bool = False
    family: str | None = None
    is_primary: bool = False
    window: int = 0

    def copied(self) -> Key:
        """Return a key that changes by itself from now on."""
        materials = {name: copy(one) for name, one in self.materials.items()}
        return replace(self, materials=materials)

    @property
    def is_usable(self) -> bool:
        return self.state == "Enabled"


def answer(key: Key, verb: str) -> str | None:
    """Return the errorCode with which a key refuses an operation, None if it does not."""
    if key.kind == "managed":
        return UNSUPPORTED
    if key.state == "Deleted":
        return NOT_FOUND
    external = {"delete_imported_key_material", "import_key_material"}
    if verb in external and key.kind != "external":
        return UNSUPPORTED
    if verb == "rotate_key_on_demand" and key.kind == "store":
        return UNSUPPORTED
    state = "PendingDeletion" if key.state == "PendingReplicaDeletion" else key.state
    return ANSWERS[verb][COLUMNS.index(state)]


def made(step: Step) -> Key:
    """Return the key that a CreateKey has made; of origin EXTERNAL it has no material yet."""
    assert step.result is not None
    region = step.options.get("region", "us-east-1")
    key = Key(name=step.result, kind="plain", made=step.at, region=region)
    if step.options.get("origin") == "EXTERNAL":
        key.kind, key.state = "external", "PendingImport"
        key.lost_at, key.lost_by, key.lost_event = step.at, step, step
    if "store" in step.options:
        key.kind, key.store = "store", step.options["store"]
    if step.options.get("multi_region"):
        key.kind, key.family, key.is_primary = "family", step.result, True
    return key


def living_relatives(keys: dict[str, Key], key: Key) -> list[Key]:
    """The other keys of a family that are there; none for a key of one Region."""
    return [
        one for one in keys.values()
        if one.family is not None and one.family == key.family
        if one is not key and one.state != "Deleted"
    ]  # fmt: skip


def apply(keys: dict[str, Key], step: Step) -> None:
    """Let the keys change as a successful call or an event demands."""
    if step.error:
        return
    if step.verb == "create_key":
        assert step.result is not None
        keys[step.result] = made(step)
    elif step.verb == "replicate_key":
        _replicate(keys, step)
    elif step.verb == "update_primary_region":
        _move_primary(keys, step)
    elif step.verb in {"disconnect_key_store", "connect_key_store"}:
        for key in keys.values():
            if key.store == step.args[0]:
                _connection(key, step)
    elif step.args and step.args[0] in keys:
        key = keys[step.args[0]]
        if step.verb == "schedule_key_deletion" and key.is_primary and living_relatives(keys, key):
            _wait_for_replicas(key, step)
        else:
            _change(key, step)
        if step.verb == "delete_key":
            _let_go(keys, key, step)


def _replicate(keys: dict[str, Key], step: Step) -> None:
    """Make a replica, also anew: it has the id and the material of its primary (section 1.4)."""
    assert step.result is not None
    family = keys[step.args[0]].family
    keys[step.result] = Key(
        name=step.result, kind="family", made=step.at, region=step.args[1], family=family
    )


def _move_primary(keys: dict[str, Key], step: Step) -> None:
    old = keys[step.args[0]]
    [new] = [one for one in living_relatives(keys, old) if one.region == step.args[1]]
    old.is_primary, new.is_primary = False, True


def _wait_for_replicas(key: Key, step: Step) -> None:
    key.deletion_date, key.deleted_by, key.window = None, step, step.args[1]
    _move(key, "PendingReplicaDeletion", step)


def _let_go(keys: dict[str, Key], replica: Key, step: Step) -> None:
    """The waiting period of a primary begins when the last of its replicas is gone."""
    for key in living_relatives(keys, replica):
        if key.state == "PendingReplicaDeletion" and not living_relatives(keys, key):
            key.state, key.deletion_date = "PendingDeletion", step.at + key.window * DAY


def _change(key: Key, step: Step) -> None:
    moving = {"enable_key", "disable_key", "schedule_key_deletion"}
    key.is_either = key.is_either and step.verb not in moving
    match step.verb:
        case "enable_key":
            _switch(key, "Enabled", step)
        case "disable_key":
            _switch(key, "Disabled", step)
        case "schedule_key_deletion":
            key.deletion_date = step.at + step.args[1] * DAY
            key.deleted_by, key.window = step, step.args[1]
            _move(key, "PendingDeletion", step)
        case "cancel_key_deletion":
            key.deletion_date, key.deleted_by = None, None
            _come_back(key, step)
        case "delete_key":
            key.deleted = step
            _move(key, "Deleted", step)
        case "import_key_material":
            _import(key, step)
        case "delete_imported_key_material" | "expire_key_material":
            _lose_material(key, step)
        case "rotate_key_on_demand":
            _rotate(key)


def _move(key: Key, state: str, event: Step, root: Step | None = None) -> None:
    key.state = state
    if key.is_usable:
        key.lost_at, key.lost_by, key.lost_event = None, None, None
    elif key.lost_at is None:
        key.lost_at, key.lost_by, key.lost_event = event.at, root or event, event


def _switch(key: Key, state: str, step: Step) -> None:
    """Enable or disable; an unavailable key does not move before it is available again."""
    if key.state == "Unavailable":
        key.before = state
    else:
        _move(key, state, step)


def _come_back(key: Key, step: Step) -> None:
    """A cancelled deletion leaves the key disabled, or where its store or material keep it."""
    if any(not one.is_here for one in key.materials.values()) or (
        key.kind == "external" and not key.materials
    ):
        _move(key, "PendingImport", step)
    elif key.before is not None:
        key.before, key.is_either = "Disabled", True
        _move(key, "Unavailable", step)
    else:
        _move(key, "Disabled", step)


def _connection(key: Key, step: Step) -> None:
    """Disconnect or connect the store of a key; pending deletion outlasts both."""
    is_cut = step.verb == "disconnect_key_store"
    key.is_either = key.is_either and is_cut
    if key.state in {"PendingDeletion", "Deleted"}:
        key.before = "Disabled" if is_cut else None
    elif is_cut and key.state != "Unavailable":
        key.before = key.state
        _move(key, "Unavailable", step)
    elif not is_cut and key.state == "Unavailable":
        assert key.before is not None
        back, key.before = key.before, None
        _move(key, back, step)


def _import(key: Key, step: Step) -> None:
    name, until = step.options["material"], step.options.get("valid_to")
    known = key.materials.get(name)
    is_pending = known.is_pending if known else bool(step.options.get("is_new"))
    key.materials[name] = Material(step, until, is_pending=is_pending)
    if key.current is None:
        key.current = name
    if key.state == "PendingImport" and all(
        one.is_here or one.is_pending for one in key.materials.values()
    ):
        _move(key, "Enabled", step)


def _lose_material(key: Key, step: Step) -> None:
    name = step.options.get("material") or key.current
    lost = key.materials.get(name) if name else None
    if lost is None or name is None:
        return
    if lost.is_pending:
        del key.materials[name]
        return
    lost.is_here = False
    if key.state in {"Enabled", "Disabled"}:
        root = lost.by if step.verb == "expire_key_material" else step
        _move(key, "PendingImport", step, root)


def _rotate(key: Key) -> None:
    for name, material in key.materials.items():
        if material.is_pending:
            material.is_pending = False
            key.current = name
