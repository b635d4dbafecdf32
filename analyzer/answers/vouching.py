"""Vouching: what digest files show, in words, and the way from AWS's signature to an entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from analyzer.answers.shape import Scope
from analyzer.digests.report import Finding, Kind
from analyzer.digests.unvouched import Reason, Unvouched
from analyzer.moment import Moment, text
from analyzer.place import spelled
from analyzer.recovery.database import Loss
from analyzer.timeline import DAWN

_SHOWN: Final = 3
"""Stretches that a verdict's notes name; of the others, the number is told."""


def detail(one: Finding) -> str:
    """Say in a sentence what a finding is."""
    by = "?" if one.by is None else spelled(one.by)
    match one.kind:
        case Kind.SIGNATURE_INVALID:
            return "the signature of this digest file is not CloudTrail's"
        case Kind.DIGEST_REPLACED:
            return f"this digest file is not the one of which entry {by} speaks"
        case Kind.DIGEST_FOREIGN:
            return f"entry {by} continues the chain without this digest file"
        case Kind.DIGEST_UNREADABLE:
            return f"this digest file lacks what each has, or it is of another kind: {one.source}"
        case Kind.LOG_FILE_ALTERED:
            return f"this log file is not what the digest file in entry {by} says"
        case Kind.DIGESTS_MISSING:
            files = "a digest file is" if one.count == 1 else f"about {one.count} digest files are"
            return f"{files} missing; the last one is the predecessor of entry {by}"
        case Kind.CHAIN_CUT:
            return f"entry {by} continues a chain of which nothing earlier is here"
        case Kind.CHAIN_RESTARTED:
            return f"entry {by} begins a new chain: the trail or its validation was off before"
        case Kind.HOURS_WITHOUT_DIGESTS:
            return f"no digest file speaks of the time before entry {by}"
        case Kind.LOG_FILE_ABSENT:
            return f"the digest file in entry {by} names this log file, and it is not here"
        case Kind.LOG_FILE_UNNAMED:
            return "no digest file names this log file, though those of its time are here"
        case Kind.DIGEST_OUT_OF_ORDER:
            return f"in the chain this digest file comes after entry {by}, of a later time"
        case Kind.DIGEST_RENAMED | Kind.LOG_FILE_RENAMED:
            return f"found under another name: {one.source}"
        case Kind.SIGNATURE_UNCLAIMED:
            return "a saved signature that belongs to none of the digest files"
        case _:
            assert_never(one.kind)


def matters_since(loss: Loss) -> Moment:
    """Return since when missing evidence bears on what is concluded from a loss of access.

    Where no record of the key explains the loss, the one that would may have been taken away.
    """
    return DAWN if loss.is_unexplained else loss.at.at


def unvouched_notes(scope: Scope, arn: str, loss: Loss) -> Iterator[str]:
    """Yield a note for the stretches that bear on a loss of access and are not vouched for."""
    since = matters_since(loss)
    found = [
        one
        for one in scope.history.unvouched_about(arn)
        if one.start < scope.at and one.overlaps(since, scope.at)
    ]
    for one in found[:_SHOWN]:
        if one.end <= loss.at.at:
            bearing = "The record that explains the loss may have stood there"
        else:
            bearing = (
                "What follows from clocks across that stretch is inferred: a call that changed it "
                "may be missing"
            )
        yield (f"{_when(one)} {_why(one)}. {bearing} (keyledger gaps).")
    more = len(found) - _SHOWN
    if more > 0:
        others = "1 more stretch is" if more == 1 else f"{more} more stretches are"
        yield f"{others} not vouched for; keyledger gaps lists them."


def _when(one: Unvouched) -> str:
    is_ever = one.start == DAWN
    return "All the time" if is_ever else f"From {text(one.start)} until {text(one.end)}"


def _why(one: Unvouched) -> str:
    match one.reason:
        case Reason.MISSING:
            return "digest files are missing, and with them perhaps log files"
        case Reason.OFF:
            return "CloudTrail wrote no digest files: the trail or its validation was off"
        case Reason.ABSENT:
            return "log files are missing that CloudTrail delivered"
        case Reason.CONTRADICTED:
            return "log files or digest files are not what CloudTrail delivered"
        case Reason.SHARD_LOST:
            return "the ledger with the evidence cannot be taken into account"
        case _:
            assert_never(one.reason)
