"""Remote: the options of what is read from S3 and SQS, and their reading."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import click

from tui.access import access, taken

if TYPE_CHECKING:
    from analyzer.s3.access import Access, Remote

Command = Callable[..., Any]

_OPTIONS: Final = (
    click.option(
        "--account",
        "accounts",
        multiple=True,
        metavar="ID",
        help="s3://: only logs of this account; may be given again.",
    ),
    click.option(
        "--region",
        "regions",
        multiple=True,
        metavar="REGION",
        help="s3://: only logs of this Region; may be given again. AWS is asked there too, unless "
        "--aws-region, the profile or the environment name another.",
    ),
    click.option(
        "--since",
        metavar="TIME",
        help="s3://: only log files delivered from that day on.",
    ),
    click.option(
        "--until",
        metavar="TIME",
        help="s3://: only log files delivered until the day after.",
    ),
    click.option(
        "--reread",
        "is_reread",
        is_flag=True,
        help="s3://: download objects again that were sealed before as they are.",
    ),
    click.option(
        "--versions",
        "with_versions",
        is_flag=True,
        help="s3://: also the older versions of objects that were replaced or deleted.",
    ),
)

_SELECTING: Final = ("accounts", "regions", "since", "until", "is_reread", "with_versions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked of S3, as typed.

    Attributes:
        accounts: whose logs; empty for everybody's.
        regions: of which Regions; empty for all.
        since: only what was delivered from then on.
        until: only what was delivered until then.
        is_reread: whether what is sealed is downloaded again.
        with_versions: whether older versions are read too.
        access: in whose name; None for whatever the environment says.
    """

    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    is_reread: bool = False
    with_versions: bool = False
    access: Access | None = None

    @property
    def is_default(self) -> bool:
        """Whether nothing was asked in particular."""
        return self == Asked()

    def read(self, now: int) -> Remote:
        """Return what an ingest is told; raises UnreadableTimeError.

        Args:
            now: the present, in microseconds since the epoch.
        """
        from analyzer import when
        from analyzer.s3.access import DEFAULT_ACCESS, Remote
        from analyzer.s3.layout import Selection

        def moment(typed: str | None) -> int | None:
            return None if typed is None else when.parse(typed, now=now, end=now)

        nearby = next(iter(sorted(_split(self.regions))), None)
        return Remote(
            access=replace(self.access or DEFAULT_ACCESS, fallback_region=nearby),
            selection=Selection(
                accounts=_split(self.accounts),
                regions=_split(self.regions),
                since=moment(self.since),
                until=moment(self.until),
            ),
            is_reread=self.is_reread,
            with_versions=self.with_versions,
        )


def asked(command: Command) -> Command:
    """Give a command the options of S3; it is passed on as `remote`, an `Asked`."""

    @functools.wraps(command)
    def run(*arguments: Any, **given: Any) -> Any:
        said = {name: given.pop(name) for name in _SELECTING}
        remote = Asked(**said, access=taken(given))
        return command(*arguments, **given, remote=remote)

    made: Command = access(run)
    for option in reversed(_OPTIONS):
        made = option(made)
    return made


def _split(typed: Sequence[str]) -> frozenset[str]:
    """Read values that were given one by one, or with commas between them."""
    return frozenset(part for one in typed for part in one.replace(",", " ").split())
