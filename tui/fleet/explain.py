"""`keyledger fleet explain`: the verdict on one database, from the records of all shards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui import digest_keys
from tui.commands.explain import answer
from tui.console import ExitCode
from tui.fleet.opening import ended, opened
from tui.fleet.opening import folder as of_folder
from tui.session import Session, moments, shared_but_ledger

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger fleet explain fleet orders\n"
    "  keyledger fleet explain fleet orders --at 2026-01-08T03:00:00Z --format json"
)
@of_folder
@click.argument("database")
@digest_keys.digest_keys
@moments
@shared_but_ledger
def command(
    session: Session,
    *,
    folder: str,
    database: str,
    digest_keys: tuple[Path, ...],
    at: str,
    known_at: str | None,
    rules: str | None,
) -> ExitCode:
    """Judge one database by the records of all shards.

    What one ledger with all records would say (`keyledger explain`): the key may be another
    account's, copies may lie in other Regions. Entries are cited as 2#17, entry 17 of shard 2; in
    JSON `shard` and `shard_entry` say so beside `entry`.
    """
    from tui.digest_keys import read

    keys, now = read(digest_keys), session.clock()
    with opened(session, folder) as fleet:
        told = fleet.ask(lambda case: case.explain(database, at, known_at, now, rules, keys=keys))
        document = fleet.told(told)
        verdict = answer(session, document)

        def page(canvas: Canvas) -> None:
            from tui.pages import fleet as pages

            verdict.page(canvas)
            pages.paint_shards(canvas, document)

        session.console.answer(replace(verdict, page=page))
        return ended(session, fleet)
