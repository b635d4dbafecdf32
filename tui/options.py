"""Options: those that several commands take, and how their values are read."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from analyzer.cloudtrail.services import Services

Command = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which events are sealed, as typed.

    Attributes:
        services: those whose events are sealed; none for the usual ones.
        every_service: whether all events are sealed.
    """

    services: tuple[str, ...] = ()
    every_service: bool = False

    def sealed(self) -> Services:
        """Return which events are sealed."""
        from analyzer.cloudtrail.services import ALL_SERVICES, DEFAULT_SERVICES, Services

        named = Services.named(*self.services) if self.services else DEFAULT_SERVICES
        return ALL_SERVICES if self.every_service else named


def services_named(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> tuple[str, ...]:
    """Read names of services, `kms,rds`; none where the option is not given."""
    names = tuple(name.lower() for name in (value or "").replace(",", " ").split() if name)
    if value is not None and not names:
        raise click.BadParameter("name at least one service", ctx=ctx, param=param)
    return names


_CHOOSING = (
    click.option(
        "--services",
        callback=services_named,
        metavar="NAMES",
        help="Seal records of these services only: kms,rds,...",
    ),
    click.option("--all-services", is_flag=True, help="Seal records of every service."),
)


def choosing(command: Command) -> Command:
    """Give a command the choice of what it seals; it is passed on as `chosen`, a `Chosen`."""

    @functools.wraps(command)
    def run(*arguments: Any, services: tuple[str, ...], all_services: bool, **given: Any) -> Any:
        if services and all_services:
            raise click.UsageError("--services and --all-services exclude each other")
        chosen = Chosen(services=services, every_service=all_services)
        return command(*arguments, **given, chosen=chosen)

    made: Command = run
    for option in reversed(_CHOOSING):
        made = option(made)
    return made


def workers(about: str, default: int | None = None) -> Callable[[Command], Command]:
    """Give a command the number of processes that read; None for as many as pay."""
    return click.option(
        "--workers", type=click.IntRange(0, 64), default=default, metavar="N", help=about
    )
