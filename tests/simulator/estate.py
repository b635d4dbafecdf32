"""Estate: the many keys and databases of a big trail, and what happens to a few of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tests.simulator.actors import role
from tests.simulator.handles import Key
from tests.simulator.world import AwsSimulator

if TYPE_CHECKING:
    from tests.simulator.handles import Database

SPAN: Final = timedelta(days=90)
ACCOUNTS: Final = ("111122223333", "444455556666", "777788889999")
REGIONS: Final = ("us-east-1", "eu-west-1", "ap-southeast-2")
_ENGINES: Final = ("postgres", "mysql", "mariadb", "oracle-ee")
_SNAPSHOT_EVERY: Final = 3
"""One database in so many has a manual snapshot beside its automated backup."""


@dataclass(slots=True, kw_only=True)
class Place:
    """One Region of one account.

    Attributes:
        aws: what happens there; `aws.records` are the control records.
        steady: keys that stay usable, by the moment from which they exist (since the start).
        databases: databases under steady keys, by the moment at which they were made.
    """

    aws: AwsSimulator
    steady: list[tuple[timedelta, Key]] = field(default_factory=list)
    databases: list[tuple[timedelta, Database]] = field(default_factory=list)


def build(*, seed: int, places: int, keys: int, databases: int) -> list[Place]:
    """Build places with so many keys and databases in all; one database in twenty suffers."""
    sites = [(account, region) for region in REGIONS for account in ACCOUNTS][:places]
    built = []
    for number, (account, region) in enumerate(sites):
        aws = AwsSimulator(
            seed=f"{seed} {account} {region}",
            account=account,
            region=region,
            actor=role("platform", "pipeline-7731", account=account),
        )
        place = Place(aws=aws)
        _found(place, keys=_share(keys, places, number))
        _settle(place, databases=_share(databases, places, number))
        built.append(place)
    return built


def _share(total: int, places: int, number: int) -> int:
    return max(2, total // places + (number < total % places))


def _found(place: Place, *, keys: int) -> None:
    """Three keys in four are older than the trail: no record tells how they were made."""
    aws = place.aws
    for number in range(keys):
        if number % 4 == 3:
            made = SPAN / 2 * aws.ids.random.random()
            place.steady.append((made, aws.create_key(f"app-{number}", at=made)))
            continue
        key_id = aws.ids.uuid()
        arn = f"arn:aws:kms:{aws.region}:{aws.account}:key/{key_id}"
        key = Key(arn=arn, region=aws.region, account=aws.account, record={}, key_id=key_id)
        place.steady.append((timedelta(0), key))
    place.steady.sort(key=lambda one: (one[0], one[1].arn))


def _settle(place: Place, *, databases: int) -> None:
    aws = place.aws
    fates = deque((_lose, _save, _disable, _delete))
    since = [one for one, _ in place.steady]
    for number in range(databases):
        made = SPAN / 3 * aws.ids.random.random()
        name, engine = f"db-{number:04d}", aws.ids.random.choice(_ENGINES)
        if number % 20 == 1:
            key = aws.create_key(f"db-{number:04d}", at=made)
            at = made + timedelta(hours=1)
            unlucky = aws.create_db_instance(name, key, at=at, engine=engine)
            fates[0](aws, key, unlucky, made + SPAN / 3 * (0.5 + aws.ids.random.random()))
            fates.rotate(-1)
            continue
        key = place.steady[aws.ids.random.randrange(bisect_right(since, made))][1]
        made_one = aws.create_db_instance(name, key, at=made, engine=engine)
        if number % _SNAPSHOT_EVERY == 0:
            taken = made + SPAN / 2 * aws.ids.random.random()
            aws.create_db_snapshot(made_one, f"{name}-manual", at=taken)
        place.databases.append((made, made_one))
    place.databases.sort(key=lambda one: (one[0], one[1].arn))


def _lose(aws: AwsSimulator, key: Key, database: Database, at: timedelta) -> None:
    day = timedelta(days=1)
    snapshot = aws.create_db_snapshot(database, f"{database.name}-manual", at=at - day)
    aws.schedule_key_deletion(key, 7, at=at)
    aws.rds_event(database, "RDS-EVENT-0418", at=at + timedelta(minutes=4))
    aws.rds_event(database, "RDS-EVENT-0419", at=at + timedelta(hours=2, minutes=4))
    aws.delete_db_snapshot(snapshot, at=at + 2 * day)
    aws.delete_key(key, at=at + 7 * day + timedelta(hours=5))


def _save(aws: AwsSimulator, key: Key, database: Database, at: timedelta) -> None:
    hour = timedelta(hours=1)
    aws.schedule_key_deletion(key, 14, at=at)
    aws.rds_event(database, "RDS-EVENT-0418", at=at)
    aws.cancel_key_deletion(key, at=at + 30 * hour)
    aws.enable_key(key, at=at + 31 * hour)
    aws.rds_event(database, "RDS-EVENT-0420", at=at + 31 * hour)
    aws.start_db_instance(database, at=at + 32 * hour)


def _disable(aws: AwsSimulator, key: Key, database: Database, at: timedelta) -> None:
    aws.disable_key(key, at=at)
    aws.rds_event(database, "RDS-EVENT-0418", at=at)
    aws.enable_key(key, at=at + timedelta(minutes=50))


def _delete(aws: AwsSimulator, key: Key, database: Database, at: timedelta) -> None:
    del key
    aws.delete_db_instance(database, at=at, delete_automated_backups=False)
    aws.delete_automated_backup(database, at=at + timedelta(hours=3))
