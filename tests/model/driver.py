"""Driver: random picks become calls on an account, which lets them succeed or refuses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from tests.model import blue_green_calls, cluster_calls, copy_calls, keys, kms_calls, rds_calls
from tests.model.aws import Account
from tests.model.drive import Drive, Pick
from tests.model.kms_calls import material
from tests.model.script import DAY, HOUR, MANAGED, Ref, Step

WAITS: Final = (15, 30, 45, HOUR, 2 * HOUR, 5 * HOUR, 12 * HOUR, DAY, 2 * DAY, 6 * DAY, 9 * DAY)
KINDS: Final = ("plain", "external", "two", "store", "far", "family")
CALLS: Final = (
    *kms_calls.KEY_CALLS, *rds_calls.DATABASE_CALLS, *copy_calls.COPY_CALLS,
    *cluster_calls.CLUSTER_CALLS, *blue_green_calls.BLUE_GREEN_CALLS,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What there is at the beginning: kinds of keys, and a pick for each database."""

    keys: tuple[int, ...]
    databases: tuple[Pick, ...]


def drive(start: Start, picks: list[Pick]) -> Account:
    """Drive an account through picks; return it with its script in order of time."""
    driving = Drive()
    account = driving.account
    account.keys[MANAGED] = keys.Key(name=MANAGED, kind="managed", made=0)
    for number, kind in enumerate(start.keys, 1):
        driving.at += 15
        _make_key(driving, f"k{number}", KINDS[kind % len(KINDS)])
    for pick in start.databases:
        driving.at += 15
        driving.pick = pick
        make = cluster_calls.create_cluster if pick.call % 3 == 0 else rds_calls.create
        make(driving)
    for pick in picks:
        driving.at += WAITS[pick.wait % len(WAITS)]
        account.timers.run(driving.at)
        driving.pick, account.luck = pick, pick.luck
        CALLS[pick.call % len(CALLS)](driving)
    if picks and picks[-1].which % 2:
        account.timers.run(driving.at + 60 * DAY)
    account.script.sort(key=lambda step: step.at)
    return account


def _make_key(driving: Drive, name: str, kind: str) -> None:
    account, at = driving.account, driving.at
    options: dict[str, Any] = {}
    if kind in {"external", "two"}:
        options["origin"] = "EXTERNAL"
    if kind == "store":
        options["store"] = "cks-1"
    if kind == "far":
        options["region"] = "eu-west-1"
    if kind == "family":
        options["multi_region"] = True
    ordinary = Step(
        at=at, verb="create_key", args=(name,), options=options, result=name, actor="owner"
    )
    account.on_key(ordinary)
    if kind == "family":
        replica = _owned(at + 2, "replicate_key", name, {})
        account.on_key(replace(replica, args=(Ref(name), "us-west-2"), result=f"{name}w"))
    for number in range({"external": 1, "two": 2}.get(kind, 0)):
        told: dict[str, Any] = {"material": material(account.keys[name], number)}
        if number:
            told["is_new"] = True
        account.on_key(_owned(at + 2 + number, "import_key_material", name, told))
        if number:
            account.on_key(_owned(at + 5, "rotate_key_on_demand", name, {}))


def _owned(at: int, verb: str, name: str, options: dict[str, Any]) -> Step:
    return Step(at=at, verb=verb, args=(Ref(name),), options=options, actor="owner")
