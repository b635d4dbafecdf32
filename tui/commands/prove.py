"""`keyledger prove`: an entry of the ledger as a proof to carry away."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui import digest_keys
from tui.answer import Answer
from tui.console import ExitCode
from tui.session import Session, shared
from tui.session import known_at as sealed_size

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger prove 3b9c1c62-7c43-4f8e-a7a5-6f6a6f0f1f0e -o deletion.tlog-proof\n"
    "  keyledger prove '#17' -o entry.tlog-proof\n"
    "  keyledger prove '#17' --checkpoint kept-in-march.txt -o entry.tlog-proof\n"
    "  keyledger prove orders --state --at 2026-01-08T03:00:00Z -o state.tlog-proof"
)
@click.argument("event", required=False)
@click.option(
    "--state",
    is_flag=True,
    help="Prove what was sealed by `state --seal`; EVENT is then the key or database to show, or "
    "left out for the seal alone.",
)
@click.option(
    "--at", metavar="TIME", help="With --state: the sealed moment. Default: that of the last seal."
)
@sealed_size
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Lead the proof to this checkpoint, which somebody kept. Default: the ledger's last one.",
)
@digest_keys.digest_keys
@shared
def command(
    session: Session,
    *,
    event: str | None,
    state: bool,
    at: str | None,
    known_at: str | None,
    checkpoint: Path | None,
    digest_keys: tuple[Path, ...],
) -> ExitCode:
    """Prove that a record is in the ledger.

    EVENT is an event id or '#N', the entry as explain and timeline cite it. The proof (C2SP
    tlog-proof) is a file to carry away; whoever checks it needs no ledger. It holds the record byte
    for byte, its header, the path from it to the root of the tree, and a checkpoint. Whoever kept a
    checkpoint or has the public key can check it with `keyledger verify`, or with anybody else's
    tools. Where a digest file of CloudTrail names the record's source, that goes along, signature
    and all.
    """
    if not state and (at is not None or known_at is not None):
        raise click.UsageError("--at and --known-at go with --state")
    if not state and event is None:
        raise click.UsageError("name an event or an entry, or give --state")
    from analyzer.proof.proving import StateQuestion
    from tui.digest_keys import read

    keys = read(digest_keys)
    with session.open() as case:
        if state:
            now = session.clock()
            question = StateQuestion(resource=event, at=at, known_at=known_at, now=now)
            document = case.custody.prove_state(question, checkpoint)
        else:
            document = case.custody.prove(str(event), checkpoint, keys)
    session.console.answer(_answer(document))
    return ExitCode.DONE


def _answer(document: Mapping[str, Any]) -> Answer:
    def page(canvas: Canvas) -> None:
        from tui.pages import prove

        prove.paint(canvas, document)

    return Answer(
        document=document, tables={"proof": [document]}, page=page, text=document["proof"]
    )
