"""`keyledger fleet checkpoint`: the heads of all shards, sealed and signed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tui.answer import Answer
from tui.commands.checkpoint import KEY_BYTES, key_changes, require_one_change
from tui.console import ExitCode
from tui.fleet.opening import ended
from tui.fleet.opening import folder as of_folder
from tui.session import IN_S3, Session, shared_but_ledger, signing
from tui.words import counted

if TYPE_CHECKING:
    from tui.paint import Canvas

ORIGIN_BYTES: Final = 16
"""Random bytes that make the name of a fleet."""


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger fleet checkpoint fleet --init-key\n"
    "  keyledger fleet checkpoint fleet -o fleet.checkpoint\n"
    "  keyledger fleet checkpoint fleet --witness /mnt/other-host/fleet.checkpoint"
)
@of_folder
@key_changes("fleet")
@click.option(
    "--witness",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Move this file on to the new checkpoint, unless the fleet does not extend the one in it.",
)
@signing
@shared_but_ledger
def command(
    session: Session,
    *,
    folder: str,
    init_key: bool,
    rotate_key: bool,
    lost: bool,
    witness: Path | None,
    key_file: Path | None,
) -> ExitCode:
    """Seal the heads of all shards, and show the fleet's checkpoint.

    The head of each shard that has grown becomes an entry of fleet.db, the fleet's own ledger. The
    checkpoint of that is a few lines that speak for every entry of every shard: keep it where
    nobody can change it. From then on a shard that is missing, cut or rewritten is noticed. The key
    lies in fleet.db.key beside it.
    """
    require_one_change(init_key=init_key, rotate_key=rotate_key, is_lost=lost)
    if folder.startswith(IN_S3):
        raise click.UsageError(
            "a fleet in S3 is only read: make its checkpoint in the folder where its shards are "
            "written, with keyledger fleet checkpoint FOLDER, and upload fleet.db beside them"
        )
    from analyzer.fleet.fleet import Fleet

    now = session.clock()
    with Fleet.found(Path(folder), now, session.chance(ORIGIN_BYTES)) as fleet:
        if init_key:
            fleet.start_signing(key_file, now, session.chance(KEY_BYTES))
        if rotate_key:
            fleet.change_key(key_file, now, session.chance(KEY_BYTES), is_lost=lost)
        document = fleet.checkpoint(key_file, witness, now)
        code = ended(session, fleet.lost)
    session.console.narrate(f"{counted(document['added'], 'new head')} sealed")
    if document["doubt"] is not None:
        session.console.warn(document["doubt"])
    elif not document["signed_by"]:
        session.console.narrate("unsigned; --init-key makes a key to sign with")
    session.console.answer(_answer(document))
    return code


def _answer(document: Mapping[str, Any]) -> Answer:
    def page(canvas: Canvas) -> None:
        from tui.pages import fleet as pages

        pages.paint_checkpoint(canvas, document)

    tables = {"head": document["heads"]}
    return Answer(document=document, tables=tables, page=page, text=document["note"])
