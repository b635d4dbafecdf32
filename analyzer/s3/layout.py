"""Layout: how CloudTrail lays its log files out in a bucket, and which folders are worth a look.

    [PREFIX/]AWSLogs/[ORGANISATION/]ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/FILE
                                            CloudTrail-Digest, CloudTrail-Insight

The day is that of the delivery. What lies elsewhere than in this layout is never left out for its
account, Region or day: its name tells none.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
get-and-view-cloudtrail-log-files.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from analyzer.moment import DAY, Moment, as_datetime

_ROOT: Final = "AWSLogs"
_OURS: Final = "CloudTrail"
_DIGESTS: Final = "CloudTrail-Digest"
_ORGANISATION = re.compile(r"o-[a-z0-9]{1,64}\Z", re.ASCII)
_ACCOUNT = re.compile(r"\d{12}\Z", re.ASCII)
_REGION = re.compile(r"[a-z0-9-]{1,64}\Z", re.ASCII)
_WIDTHS: Final = (4, 2, 2)
"""Digits of year, month and day."""

DEPTH: Final = 3
"""Folders below the one that was named in which `AWSLogs` is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which folders of the layout are meant; whatever is empty or None leaves nothing out.

    Attributes:
        accounts: whose logs.
        regions: of which Regions.
        since: the first moment of interest.
        until: the last one.
    """

    accounts: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    since: Moment | None = None
    until: Moment | None = None

    @property
    def days(self) -> tuple[tuple[int, ...] | None, tuple[int, ...] | None]:
        """The first and the last day of delivery that may matter; a day more for what is late."""
        return (
            None if self.since is None else _day(self.since),
            None if self.until is None else _day(self.until + DAY),
        )


class Look(Enum):
    """What is to be done about a folder."""

    INTO = "its folders are looked at one by one"
    WHOLE = "everything below it is listed"
    NOT = "it is left out: the selection does not mean it"
    FOREIGN = "it is left out: another service writes there"


def look(prefix: str, top: str, selection: Selection) -> Look:
    """Say what is to be done about a folder.

    Args:
        prefix: of the folder, as S3 spells it: ends with `/`, or empty.
        top: the folder that a person named; no level of it is left out.
        selection: which folders are meant.
    """
    named = len(_below(top) or ())
    levels = _below(prefix)
    if levels is None:
        depth = prefix.count("/") - top.count("/")
        return Look.INTO if depth < DEPTH else Look.WHOLE
    for number, level in enumerate(levels):
        if number >= named and (verdict := _judge(number, level, levels, selection)):
            return verdict
    is_whole = len(levels) >= (6 if _has_days(selection) else 3) or not _is_dated(levels)
    return Look.WHOLE if is_whole else Look.INTO


def home(key: str) -> tuple[str, str] | None:
    """Return `ACCOUNT/REGION`, whose log or digest files lie there, and the folder that says so.

    Args:
        key: of an object, or the path of a file, with `/` between its folders.

    Returns:
        None where the layout does not tell.
    """
    levels = _below(key)
    if levels is None or len(levels) < 3 or levels[1].partition("-")[0] != _OURS:  # noqa: PLR2004
        return None
    if not (_ACCOUNT.match(levels[0]) and _REGION.match(levels[2])):
        return None
    folders = key.split("/")[:-1]
    top = folders[: len(folders) - len(levels) + 3]
    return f"{levels[0]}/{levels[2]}", "/".join(top) + "/"


def wants(key: str, top: str, selection: Selection) -> bool:
    """Whether an object is a source: where it lies is meant, and it is no folder and not hidden."""
    folder, _, name = key.rpartition("/")
    if not name or is_hidden(key, top):
        return False
    prefix = f"{folder}/" if folder else ""
    return look(prefix, top, selection) in {Look.INTO, Look.WHOLE}


def is_hidden(key: str, top: str) -> bool:
    """Whether a name below the folder begins with a dot: as on disk, it is left out."""
    return any(part.startswith(".") for part in key.removeprefix(top).split("/"))


def is_digest(key: str) -> bool:
    """Whether an object lies where CloudTrail's digest files do."""
    levels = _below(key) or ()
    return len(levels) > 1 and levels[1] == _DIGESTS


def _below(prefix: str) -> tuple[str, ...] | None:
    """Return the whole folders below `AWSLogs`, without the organisation; None outside of it."""
    folders = prefix.split("/")[:-1]
    if _ROOT not in folders:
        return None
    levels = folders[folders.index(_ROOT) + 1 :]
    return tuple(levels[1:] if levels and _ORGANISATION.match(levels[0]) else levels)


def _judge(number: int, level: str, levels: tuple[str, ...], selection: Selection) -> Look | None:
    """Say why one level leaves a folder out; None if it does not."""
    match number:
        case 0 if selection.accounts and level not in selection.accounts:
            return Look.NOT
        case 1 if level.partition("-")[0] != _OURS:
            return Look.FOREIGN
        case 2 if selection.regions and level not in selection.regions:
            return Look.NOT
        case 3 | 4 | 5 if not _is_in(_date(levels[: number + 1]), selection):
            return Look.NOT
        case _:
            return None


def _date(levels: tuple[str, ...]) -> tuple[int, ...] | None:
    """Return the year, month and day of a folder, as far as it goes; None if it has none."""
    parts = levels[3:6]
    widths = zip(parts, _WIDTHS, strict=False)
    if not all(len(part) == width and part.isascii() and part.isdigit() for part, width in widths):
        return None
    return tuple(map(int, parts))


def _is_dated(levels: tuple[str, ...]) -> bool:
    return _date(levels) is not None


def _has_days(selection: Selection) -> bool:
    return selection.since is not None or selection.until is not None


def _is_in(date: tuple[int, ...] | None, selection: Selection) -> bool:
    if date is None:
        return True
    first, last = selection.days
    size = len(date)
    return (first is None or first[:size] <= date) and (last is None or date <= last[:size])


def _day(moment: Moment) -> tuple[int, ...]:
    found = as_datetime(moment)
    return (found.year, found.month, found.day)
