"""Facts: what the records tell about a database beside its status."""

from __future__ import annotations

from tests.model.known import Known, green_of
from tests.model.script import HOUR, Step

RESTORES = {"restore_from_snapshot", "restore_to_point_in_time"}
FIRST_DAYS = 7
"""For how many days a cluster that was restored from a snapshot keeps its backups."""

Membership = tuple[str, int, int | None]
"""A cluster of a global database, when it joined and when it left; None while it belongs."""


def creation(known: Known, name: str) -> Step:
    """The step that made a database or a snapshot."""
    [made] = [
        step for step in known.script
        if name in _made_by(step) and not step.error
    ]  # fmt: skip
    return made


def _made_by(step: Step) -> set[str | None]:
    if step.verb == "create_blue_green":
        return {green_of(str(step.result))}
    return set() if step.verb == "switch_over_blue_green" else {step.result, step.final_snapshot}


def is_cluster(known: Known, db: str) -> bool:
    return "cluster" in creation(known, db).verb


def engine(known: Known, db: str) -> str:
    """The engine, which a restored database has from the one whose data it holds."""
    made = creation(known, db)
    if made.deed in RESTORES:
        return engine(known, origin(known, str(made.args[0])))
    if made.verb == "create_blue_green":
        return engine(known, str(made.args[0]))
    return str(made.options.get("engine", "aurora" if is_cluster(known, db) else "postgres"))


def origin(known: Known, name: str) -> str:
    """The database of which something is a snapshot, or a copy of one; a database itself."""
    made = creation(known, name)
    if name == made.final_snapshot or made.deed in {"create_db_snapshot", "copy_db_snapshot"}:
        return origin(known, str(made.args[0]))
    return name


def grace(known: Known, db: str) -> int:
    """How long after its detection a loss takes a database out of service (sections 4.2, 4.3)."""
    return 0 if engine(known, db).startswith("aurora") else 2 * HOUR


def can_stop(known: Known, db: str, at: int) -> bool:
    """Section 4.4."""
    made = creation(known, db)
    if is_replica(known, db, at) or any(source == db for source, _ in replicas(known, at)):
        return False
    if is_cluster(known, db):
        is_aurora = engine(known, db).startswith("aurora")
        return is_aurora and not any(_belongs(one, db, at) for one in memberships(known))
    if any(blue == db and _is_under_way(known, step, at) for blue, step in deployments(known)):
        return False
    return not (made.options.get("multi_az") and made.options["engine"].startswith("sqlserver"))


def is_replica(known: Known, db: str, at: int) -> bool:
    return any(replica == db for _, replica in replicas(known, at))


def replicas(known: Known, at: int) -> list[tuple[str, str]]:
    """(source, replica) of every read replica there is at a moment."""
    return [
        (source, replica)
        for source, replica, made in replications(known)
        if made <= at
        if not known.is_successful("promote_read_replica", replica, at)
        if not known.is_successful("delete_db_instance", replica, at)
        if not known.is_successful("delete_db_instance", source, at)
        if not any(
            (blue, green) == (source, replica) and since <= at
            for green, blue, since in takeovers(known)
        )
    ]


def replications(known: Known) -> list[tuple[str, str, int]]:
    """(source, replica, since when) of every read replica that was ever made.

    A green database counts if some record names it; the creation of its deployment does not yet.
    """
    found = [
        (blue, green_of(str(step.result)), step.at)
        for blue, step in deployments(known)
        if any(one.args[:1] == (step.result,) and _names_it(one) for one in known.script)
    ]
    for step in known.script:
        if step.verb == "create_read_replica" and not step.error:
            found.append((str(step.args[0]), str(step.result), step.at))
        elif "source" in step.options and not step.error:
            found.append((str(step.options["source"]), str(step.result), step.at))
    return found


def _names_it(step: Step) -> bool:
    """Whether the record of a call on a deployment names its green database: by its response."""
    return not step.told and not step.error


def deployments(known: Known) -> list[tuple[str, Step]]:
    """(blue, creation) of every blue/green deployment."""
    return [
        (str(step.args[0]), step)
        for step in known.script
        if step.verb == "create_blue_green" and not step.error
    ]


def _is_under_way(known: Known, deployment: Step, at: int) -> bool:
    """Whether the green database of a deployment follows its blue one, as a read replica."""
    ends = [
        since for green, _, since in takeovers(known) if green == green_of(str(deployment.result))
    ]
    ends += [
        step.at for step in known.script
        if step.verb == "delete_blue_green" and step.args[0] == deployment.result and not step.error
    ]  # fmt: skip
    return deployment.at <= at < min(ends, default=at + 1)


def takeovers(known: Known) -> list[tuple[str, str, int]]:
    """(green, blue, when names moved) of every blue/green switchover: RDS says when it was over."""
    found = []
    for step in known.script:
        if step.verb == "switch_over_blue_green" and not step.error:
            told = [
                one.at for one in known.script
                if one.told == "0248" and one.args[0] == step.args[0] and one.at >= step.at
            ]  # fmt: skip
            found.append((str(step.result), str(step.args[1]), min(told, default=step.at)))
    return found


def memberships(known: Known) -> list[tuple[str, Membership]]:
    """Which cluster belonged to which global database, in the order of joining."""
    found: list[tuple[str, Membership]] = []
    for step in known.script:
        if step.error:
            continue
        if step.verb == "create_global_cluster":
            found.append((step.args[0], (str(step.args[1]), step.at, None)))
        elif "global_cluster" in step.options:
            found.append((step.options["global_cluster"], (str(step.result), step.at, None)))
        elif step.verb == "remove_from_global_cluster":
            found = [
                (name, (one, joined, step.at if one == step.args[1] and left is None else left))
                for name, (one, joined, left) in found
            ]
    return found


def _belongs(one: tuple[str, Membership], db: str, at: int) -> bool:
    _, (member, joined, left) = one
    return member == db and joined <= at and (left is None or left > at)


def retention(known: Known, db: str, at: int) -> int:
    """For how many days automated backups are kept at a moment, 0 for not at all."""
    return next((days for step, days in reversed(retentions(known, db)) if step.at <= at), 0)


def retentions(known: Known, db: str) -> list[tuple[Step, int]]:
    """Every step after which backups are kept for so many days, the creation first."""
    made = creation(known, db)
    days = made.options.get("retention", 0)
    if made.deed == "restore_from_snapshot" and is_cluster(known, db):
        days = FIRST_DAYS
    elif made.deed in RESTORES:
        days = retention(known, origin(known, str(made.args[0])), made.at)
    elif made.verb == "create_blue_green":
        days = retention(known, str(made.args[0]), made.at)
    changes = [
        (step, int(step.options["retention"]))
        for step in known.script
        if step.args[:1] == (db,) and "retention" in step.options and not step.error
        if step.verb != "create_read_replica"
    ]
    return [(made, int(days)), *changes]
