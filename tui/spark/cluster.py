"""Cluster: the master that a command asks, and its settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from tui.fleet.opening import located
from tui.session import IN_S3, Command, Session
from tui.streams import sieved

if TYPE_CHECKING:
    from analyzer.fleet.fleet import Fleet
    from analyzer.spark.engine import Engine

_OPTIONS: Final = (
    click.option(
        "--master",
        default="local[*]",
        metavar="MASTER",
        help="Who does the work: local[4], spark://HOST:7077, yarn, k8s://… Default: all cores of "
        "this machine.",
    ),
    click.option(
        "--conf",
        "settings",
        multiple=True,
        metavar="KEY=VALUE",
        help="A setting of Spark, such as spark.executor.memory=4g; may be given again.",
    ),
)

_NOISE: Final = b"WARNING: Using incubator modules: jdk.incubator.vector"
"""What Java says of a module that Spark asks it for; nothing can ask it not to."""


def cluster(command: Command) -> Command:
    """Give a command the options that name a cluster."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def started(session: Session, master: str, settings: tuple[str, ...]) -> Iterator[Engine]:
    """Start a session on a master; raises SparkError."""
    from analyzer.spark.engine import Engine

    conf: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.startswith("spark."):
            raise click.UsageError(f"--conf wants spark.NAME=VALUE, not {setting!r}")
        conf[key] = value
    with sieved(_NOISE):
        engine = Engine.start(master, conf, tells=session.console.shows_progress)
    with engine:
        session.console.detail(f"Spark on {master}")
        yield engine


@contextmanager
def unread(session: Session, folder: str, master: str) -> Iterator[Fleet]:
    """Open a fleet that others are going to read; raises NoFleetError and the ledger's errors.

    One in S3 is read through the copy on this machine, by a master that is this machine.
    """
    from analyzer.fleet.fleet import Fleet

    if not master.startswith("local"):
        require_shared(folder)
    place = located(session, folder)
    with Fleet.open(place.folder, place.doubts, reads=False) as fleet:
        yield fleet


def require_shared(folder: str) -> None:
    """Raise a usage error where a folder lies in S3, which no worker sees as a folder."""
    if folder.startswith(IN_S3):
        raise click.UsageError(
            f"{folder} is no folder: every worker has to see the same one, such as a mount that "
            "they share; aws s3 sync copies it from and to S3"
        )
