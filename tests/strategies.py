"""Hypothesis strategies: random histories of a key, its database and their copies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from hypothesis import strategies as st

from tests.simulator import faults
from tests.simulator.handles import Database, Key, Snapshot
from tests.simulator.world import AwsSimulator

HORIZON: Final = timedelta(days=40)


class Scene:
    """A simulated account on which random calls are made; what AWS would refuse may happen too."""

    def __init__(self, retention: int, origin: str) -> None:
        self.aws = AwsSimulator(seed=11)
        self.keys: list[Key] = [
            self.aws.create_key("orders", at=timedelta(days=-9), origin=origin),
            self.aws.create_key("vault", at=timedelta(days=-9)),
        ]
        if origin == "EXTERNAL":
            self.aws.import_key_material(self.keys[0], at=timedelta(days=-9, hours=1))
        self.db: Database = self.aws.create_db_instance(
            "orders", self.keys[0], retention=retention, at=timedelta(days=-8)
        )
        first = self.aws.create_db_snapshot(self.db, "first", at=timedelta(days=-7))
        self.snapshots: list[Snapshot] = [first]


Step = Callable[[Scene, timedelta, bool, int], object]
"""A call on a scene: at a moment, failing or not, on one of its things by number."""


def _key(verb: str) -> Step:
    def call(scene: Scene, at: timedelta, fails: bool, pick: int) -> object:
        error = faults.ACCESS_DENIED if fails else None
        return getattr(scene.aws, verb)(scene.keys[pick % len(scene.keys)], at=at, error=error)

    return call


def _database(verb: str, **options: object) -> Step:
    def call(scene: Scene, at: timedelta, fails: bool, pick: int) -> object:
        error = faults.KEY_NOT_ACCESSIBLE if fails else None
        return getattr(scene.aws, verb)(scene.db, at=at, error=error, **options)

    return call


def _notice(event_id: str) -> Step:
    def call(scene: Scene, at: timedelta, fails: bool, pick: int) -> object:
        return scene.aws.rds_event(scene.db, event_id, at=at)

    return call


def _snapshot(scene: Scene, at: timedelta, fails: bool, pick: int) -> None:
    error = faults.KEY_NOT_ACCESSIBLE if fails else None
    name = f"s{pick}-{len(scene.snapshots)}"
    made = scene.aws.create_db_snapshot(scene.db, name, at=at, error=error)
    if not fails:
        scene.snapshots.append(made)


def _copy(scene: Scene, at: timedelta, fails: bool, pick: int) -> None:
    error = faults.KEY_NOT_ACCESSIBLE if fails else None
    source = scene.snapshots[pick % len(scene.snapshots)]
    name = f"c{pick}-{len(scene.snapshots)}"
    made = scene.aws.copy_db_snapshot(source, name, scene.keys[1], at=at, error=error)
    if not fails:
        scene.snapshots.append(made)


def _delete_snapshot(scene: Scene, at: timedelta, fails: bool, pick: int) -> None:
    error = faults.ACCESS_DENIED if fails else None
    scene.aws.delete_db_snapshot(scene.snapshots[pick % len(scene.snapshots)], at=at, error=error)


STEPS: Final[tuple[Step, ...]] = (
    _key("disable_key"),
    _key("enable_key"),
    _key("schedule_key_deletion"),
    _key("cancel_key_deletion"),
    _key("delete_key"),
    _key("import_key_material"),
    _key("delete_imported_key_material"),
    _key("expire_key_material"),
    _database("start_db_instance"),
    _database("stop_db_instance"),
    _database("reboot_db_instance"),
    _database("modify_db_instance", retention=0),
    _database("modify_db_instance", retention=5),
    _database("modify_db_instance", instance_class="db.r6g.xlarge"),
    _database("delete_db_instance"),
    _database("delete_db_instance", delete_automated_backups=False),
    _database("delete_db_instance", final_snapshot="the-last"),
    _database("delete_automated_backup"),
    _snapshot,
    _copy,
    _delete_snapshot,
    _notice("RDS-EVENT-0418"),
    _notice("RDS-EVENT-0419"),
    _notice("RDS-EVENT-0420"),
    _notice("RDS-EVENT-0003"),
    _notice("RDS-EVENT-0087"),
    _notice("RDS-EVENT-0088"),
    _notice("RDS-EVENT-0028"),
    _notice("RDS-EVENT-0032"),
)

moments = st.integers(min_value=0, max_value=40 * 24 * 4).map(lambda n: timedelta(minutes=15 * n))
"""Moments on a coarse grid, so that several events often share a second."""


@st.composite
def worlds(draw: st.DrawFn, *, most: int = 12) -> AwsSimulator:
    """Draw a simulated account in which up to *most* calls were made in any order."""
    scene = Scene(draw(st.sampled_from([0, 7])), draw(st.sampled_from(["AWS_KMS", "EXTERNAL"])))
    calls = st.tuples(st.sampled_from(STEPS), moments, st.booleans(), st.integers(0, 5))
    for step, at, fails, pick in draw(st.lists(calls, max_size=most)):
        step(scene, at, fails and draw(st.booleans()), pick)
    return scene.aws
