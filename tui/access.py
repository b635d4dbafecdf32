"""Access: in whose name AWS is asked: the options of every command that may read from S3."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from analyzer.s3.access import Access

Command = Callable[..., Any]

_OPTIONS: Final = (
    partial(
        click.option, "--profile", metavar="NAME", help="AWS: a profile. Default: as the AWS CLI."
    ),
    partial(click.option, "--role", metavar="ARN", help="AWS: a role to take on."),
    partial(
        click.option,
        "--aws-region",
        "region",
        metavar="REGION",
        help="AWS: where the bucket or the queue is.",
    ),
    partial(
        click.option,
        "--endpoint",
        metavar="URL",
        help="AWS: ask S3 and SQS at this address. AWS_ENDPOINT_URL_S3 and the like work too.",
    ),
    partial(
        click.option,
        "--addressing",
        type=click.Choice(["path", "virtual"]),
        help="AWS: where a bucket is named: in the path, or before the host (virtual). Default: as "
        "the AWS CLI: before the host, at an --endpoint in the path.",
    ),
    partial(
        click.option,
        "--requester-pays",
        "is_requester_paying",
        is_flag=True,
        help="AWS: you pay for what is read from the bucket.",
    ),
)
_NAMES: Final = (
    "profile", "role", "region", "endpoint", "addressing", "is_requester_paying",
)  # fmt: skip
"""What click calls them: the fields of `Access` that they fill."""


def access(command: Command, *, is_hidden: bool = False) -> Command:
    """Give a command these options, maybe without a word of them in its help."""
    for option in reversed(_OPTIONS):
        command = option(hidden=is_hidden)(command)
    return command


def shown(options: Iterable[click.Parameter]) -> Iterator[click.Parameter]:
    """Yield options of a command, those of AWS with their help."""
    for option in options:
        if isinstance(option, click.Option) and option.name in _NAMES:
            told = copy.copy(option)
            told.hidden = False
            yield told
        else:
            yield option


def taken(given: dict[str, Any]) -> Access | None:
    """Take what was said of AWS out of a command's arguments; None where nothing was."""
    said = {name: given.pop(name) for name in _NAMES if name in given}
    if not any(said.values()):
        return None
    from analyzer.s3.access import Access

    return Access(**said)


def words_of(access: Access | None) -> tuple[str, ...]:
    """Return what to type to ask AWS in the same name."""
    said = () if access is None else (
        ("--profile", access.profile), ("--role", access.role), ("--aws-region", access.region),
        ("--endpoint", access.endpoint), ("--addressing", access.addressing),
    )  # fmt: skip
    pays = access is not None and access.is_requester_paying
    named = (f"{name}={value}" for name, value in said if value is not None)
    return (*named, *(["--requester-pays"] if pays else []))
