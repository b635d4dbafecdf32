"""Follow S3: seal new objects as a queue tells of them, or as they are found in their folders."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NoReturn

from tui.teller import Teller, Wanted

if TYPE_CHECKING:
    from analyzer.s3.inbox import Rule
    from analyzer.s3.queue import Queue
    from tui.remote import Asked
    from tui.session import Session

RECKON: Final = 60_000_000
"""Microseconds after which verdicts are judged anew though nothing was sealed: clocks run on."""

LATE: Final = "-2d"
"""Folders of days before are not looked at again: what is delivered lies in the day's folder."""


def follow_s3(session: Session, wanted: Wanted, remote: Asked, pause: float) -> NoReturn:
    """Follow a queue, or else folders in S3, until somebody interrupts.

    Args:
        session: which ledger, and where to tell.
        wanted: what to follow; beside a queue, folders are read once, and only they are read.
        remote: in whose name, and what of it.
        pause: seconds between two looks at folders.

    Raises:
        KeyboardInterrupt: the way in which it ends.
    """
    teller = Teller(session, wanted)
    session.console.narrate(f"following {', '.join(wanted.folders)}; Ctrl-C ends it")
    try:
        if any(map(_is_queue, wanted.folders)):
            _follow_queue(session, teller, wanted, remote)
        else:
            _follow_folders(session, teller, wanted, remote, pause)
    finally:
        teller.close()


def _follow_folders(
    session: Session, teller: Teller, wanted: Wanted, remote: Asked, pause: float
) -> NoReturn:
    teller.seal(wanted.folders)
    while True:
        teller.tell()
        time.sleep(pause)
        teller.seal(wanted.folders, remote=_recent(remote, session.clock()))


def _recent(remote: Asked, now: int) -> Asked:
    """Leave out the folders of days that are over."""
    from analyzer import when

    since = max((remote.since or LATE, LATE), key=lambda one: when.parse(one, now=now, end=now))
    return replace(remote, since=since)


def _follow_queue(session: Session, teller: Teller, wanted: Wanted, remote: Asked) -> NoReturn:
    from analyzer.s3.address import parse_queue
    from analyzer.s3.client import Client
    from analyzer.s3.inbox import Rule
    from analyzer.s3.queue import Queue

    [address] = filter(_is_queue, wanted.folders)
    folders = [one for one in wanted.folders if not _is_queue(one)]
    told = remote.read(session.clock())
    named = parse_queue(address)
    access = replace(told.access, region=told.access.region or named.region)
    queue = Queue(Client("sqs", access), named)
    rule = Rule.of(folders, told.selection)
    if folders:
        teller.seal(folders)
    while True:
        if teller.has_ledger:
            teller.tell()
        receive(session, teller, queue, rule)


def receive(session: Session, teller: Teller, queue: Queue, rule: Rule) -> None:
    """Wait for messages, seal what they tell of, and delete those of which all is sealed.

    Returns when something was sealed, or when it is time to judge anew.
    """
    from analyzer.s3.errors import StoreError
    from analyzer.s3.inbox import arrival

    started = session.clock()
    while session.clock() - started < RECKON:
        try:
            came = arrival(queue.receive(), rule)
            _warn(session, came.warnings)
            sealed = teller.seal(came.sources)["sources"] if came.sources else ()
            queue.delete(came.settled(sealed))
        except StoreError as error:
            if not error.trouble.may_pass:
                raise
            session.console.warn(error.detail)
            continue
        if came.sources:
            return


def _warn(session: Session, warnings: Iterable[str]) -> None:
    for warning in warnings:
        session.console.warn(warning)


def _is_queue(argument: str) -> bool:
    return argument.startswith("sqs://")
