"""Situations that many tests begin with: a key, an encrypted database on it, and a loss.

K is a customer managed key, D an encrypted instance on it with backups on (retention 7).
RDS-EVENT-0418 at the moment of loss makes the two hours exact, as the conventions of the truth
table of the AWS semantics say.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, NamedTuple

from tests.replayed import Replayed
from tests.simulator.actors import user
from tests.simulator.handles import Database, Key
from tests.simulator.world import AwsSimulator

REC: Final = "inaccessible-encryption-credentials-recoverable"
TERM: Final = "inaccessible-encryption-credentials"
MALLORY: Final = "arn:aws:iam::111122223333:user/mallory"


def h(hours: float) -> timedelta:
    """Hours from the moment from which the table counts."""
    return timedelta(hours=hours)


def d(days: float, hours: float = 0, minutes: float = 0) -> timedelta:
    """Days, hours and minutes from that moment."""
    return timedelta(days=days, hours=hours, minutes=minutes)


T0: Final = d(0)


class Setup(NamedTuple):
    """A simulated account, a key in it, and a database on that key."""

    aws: AwsSimulator
    key: Key
    db: Database


def made(retention: int = 7, origin: str = "AWS_KMS", **options: Any) -> Setup:
    """Return a key that is twenty days old, and a database on it."""
    aws = AwsSimulator(seed=7)
    key = aws.create_key("orders", at=d(-20), origin=origin)
    if origin == "EXTERNAL":
        aws.import_key_material(key, at=d(-20, 1), actor=user("importer"))
    db = aws.create_db_instance("orders", key, retention=retention, at=d(-19), **options)
    return Setup(aws, key, db)


def lose(s: Setup, *, at: timedelta = T0, notice: bool = True) -> None:
    """Disable the key, and have RDS tell of it."""
    s.aws.disable_key(s.key, at=at, actor=user("mallory"))
    if notice:
        s.aws.rds_event(s.db, "RDS-EVENT-0418", at=at)


def schedule(s: Setup, window: int = 7, *, at: timedelta = T0, notice: bool = True) -> None:
    """Schedule the deletion of the key, and have RDS tell of its loss."""
    s.aws.schedule_key_deletion(s.key, window, at=at, actor=user("mallory"))
    if notice:
        s.aws.rds_event(s.db, "RDS-EVENT-0418", at=at)


def conditions(document: dict[str, Any]) -> dict[str, str]:
    """Return the condition of each kind of copy in an answer of `explain`."""
    return {copy["kind"]: copy["condition"] for copy in document["copies"]}


def statuses(replayed: Replayed, name: str, at: timedelta | None = None) -> list[tuple[str, str]]:
    """Return since when a database was in which status, one after the other."""
    spans = replayed.timeline(name, at)["spans"]
    kept: list[tuple[str, str]] = []
    for span in spans:
        if not kept or kept[-1][1] != span["state"]:
            kept.append((span["from"], span["state"]))
    return kept
