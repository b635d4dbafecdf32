"""Doubt: that a verdict could be another were no shard of the fleet lost, as data and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from analyzer.answers.shape import Document, Scope, bounds
from analyzer.moment import text
from analyzer.recovery.verdict import Doubt, Judgement, Unseen
from analyzer.wording import counted, named


def doubt(judgement: Judgement) -> Document | None:
    """Return the member `doubt` of a verdict; null where nothing that is lost bears on it."""
    found = judgement.doubt
    if found is None:
        return None
    return {
        "seen": found.seen.value,
        "unrecoverable": None if found.unrecoverable is None else bounds(found.unrecoverable),
        "could_be": [one.value for one in found.could_be],
        "shards": [
            {"name": one.shard, "may_hold": [held.value for held in one.may_hold]}
            for one in found.lacks
        ],
    }


def doubt_notes(scope: Scope, judgement: Judgement) -> Iterator[str]:
    """Yield what makes the verdict doubtful, then a note for each lost shard."""
    if judgement.doubt is not None:
        yield _sentence(judgement.doubt)
    bearing = [] if judgement.doubt is None else [one.shard for one in judgement.doubt.lacks]
    for one in scope.lost:
        reach = "" if one.name in bearing else " The verdict does not depend on it."
        yield one.note() + reach


def _sentence(found: Doubt) -> str:
    since = "" if found.unrecoverable is None else f" since {text(found.unrecoverable.at)}"
    holds = dict.fromkeys(held for one in found.lacks for held in one.may_hold)
    shards = [one.shard for one in found.lacks]
    subject = (
        f"shard {shards[0]} is" if len(shards) == 1 else f"{counted(len(shards), 'shard')} are"
    )
    others = " or ".join(one.value for one in found.could_be)
    return (
        f"By what is seen it is {found.seen.value}{since}. But {subject} lost, which may hold "
        f"{named([_spelled(one) for one in holds])}: it could be {others}."
    )


def _spelled(held: Unseen) -> str:
    match held:
        case Unseen.RECORDS:
            return "records of the database"
        case Unseen.KEY:
            return "records of its key"
        case Unseen.COPY:
            return "a copy of its data"
        case _:
            assert_never(held)
