"""Cast: what the stories have in common - how a production database comes to be, and its nights."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.simulator.actors import on_behalf, role

if TYPE_CHECKING:
    from datetime import datetime

    from tests.simulator.actors import Actor
    from tests.simulator.handles import Database, Key
    from tests.simulator.world import AwsSimulator

TERRAFORM = (
    "APN/1.0 HashiCorp/1.0 Terraform/1.12.2 (+https://www.terraform.io) "
    "terraform-provider-aws/6.9.0 aws-sdk-go-v2/1.38.0 os/linux lang/go#1.24.6"
)


def pipeline(account: str, run: str) -> Actor:
    """Return the deployment pipeline's role in one of its runs."""
    deploy = role("infra-deploy", run, account=account, source_ip="203.0.113.40")
    return deploy.using(user_agent=TERRAFORM)


def found(
    aws: AwsSimulator, name: str, *, at: datetime, actor: Actor, engine: str = "postgres"
) -> tuple[Key, Database]:
    """Make a key with an alias and a database under it, as a pipeline does; RDS takes its grant."""
    key = aws.create_key(name, at=at, actor=actor, description=f"{name} database")
    return key, settle(aws, name, key, at=at + timedelta(minutes=3), actor=actor, engine=engine)


def settle(
    aws: AwsSimulator,
    name: str,
    key: Key,
    *,
    at: datetime,
    actor: Actor,
    engine: str = "postgres",
) -> Database:
    """Make a database under an existing key."""
    database = aws.create_db_instance(name, key, at=at, actor=actor, engine=engine)
    aws.create_grant(
        key,
        at=at + timedelta(seconds=4),
        context=database.context,
        actor=on_behalf(actor, "rds.amazonaws.com"),
    )
    aws.rds_event(database, "RDS-EVENT-0005", at=at + timedelta(minutes=7))
    return database


def nights(aws: AwsSimulator, database: Database, *, first: datetime, count: int) -> None:
    """Let RDS back a database up, night after night."""
    for number in range(count):
        at = first + timedelta(days=number, seconds=number * 37 % 180)
        aws.rds_event(database, "RDS-EVENT-0001", at=at)
        aws.rds_event(database, "RDS-EVENT-0002", at=at + timedelta(minutes=4))
