"""`keyledger fleet prove`: an entry of a shard as a proof that leads to the fleet's checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui import digest_keys
from tui.answer import Answer
from tui.console import ExitCode
from tui.fleet.opening import ended, opened
from tui.fleet.opening import folder as of_folder
from tui.session import Session, shared_by_fleets

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger fleet prove fleet ed3fca5b-225d-4a17-869e-471a6b8600cf -o deletion.tlog-proof\n"
    "  keyledger fleet prove fleet '2#17' -o entry.tlog-proof\n"
    "  keyledger fleet prove fleet '111122223333/us-east-1#17' -o entry.tlog-proof"
)
@of_folder
@click.argument("event")
@digest_keys.digest_keys
@shared_by_fleets
def command(
    session: Session, *, folder: str, event: str, digest_keys: tuple[Path, ...]
) -> ExitCode:
    """Prove that a record is under the fleet's checkpoint.

    EVENT is an event id, '2#17', entry 17 of shard 2 as answers cite it, or the same with the name
    of the shard. The proof leads from the record to the checkpoint of its shard, and from there to
    the last checkpoint of the fleet; `keyledger verify` checks it with nothing but that checkpoint,
    or the fleet's public key.
    """
    from tui.digest_keys import read

    keys = read(digest_keys)
    with opened(session, folder) as fleet:
        document = fleet.prove(event, keys)
        code = ended(session, fleet.lost)

    def page(canvas: Canvas) -> None:
        from tui.pages import prove

        prove.paint(canvas, document)

    session.console.answer(
        Answer(document=document, tables={"proof": [document]}, page=page, text=document["proof"])
    )
    return code
