"""Digest keys: the option that names CloudTrail's public keys, and their reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from analyzer.digests.keys import PublicKeys

_OPTION: Final = click.option(
    "--digest-keys",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="KEYLEDGER_DIGEST_KEYS",
    multiple=True,
    metavar="FILE",
    help="Public keys of CloudTrail, as `aws cloudtrail list-public-keys` prints them; once for "
    "each Region. Without any, no signature of a digest file is checked.",
)


def digest_keys(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option; it is passed on as the paths of the files."""
    return _OPTION(command)


def read(paths: Sequence[Path]) -> PublicKeys:
    """Read the files that were named.

    Raises:
        MisspelledError: one of them holds no public keys.
        OSError: one of them cannot be read.
    """
    from analyzer.digests.keys import read_keys

    return read_keys((str(path), path.read_bytes()) for path in paths)
