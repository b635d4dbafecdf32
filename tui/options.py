"""Options: how values of options that several commands take are read."""

from __future__ import annotations

import click


def services_named(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> tuple[str, ...]:
    """Read names of services, `kms,rds`; none where the option is not given."""
    names = tuple(name.lower() for name in (value or "").replace(",", " ").split() if name)
    if value is not None and not names:
        raise click.BadParameter("name at least one service", ctx=ctx, param=param)
    return names
