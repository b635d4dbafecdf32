"""`keyledger verify`: a proof or a checkpoint, checked with no ledger at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tui import digest_keys
from tui.answer import Answer
from tui.console import ExitCode
from tui.session import Session, shared_but_ledger, with_key

if TYPE_CHECKING:
    from tui.paint import Canvas

_CODES: Final = {
    "valid": ExitCode.DONE,
    "broken": ExitCode.BROKEN,
    "incomplete": ExitCode.INCOMPLETE,
}


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger verify deletion.tlog-proof --key ledger.pub\n"
    "  keyledger verify deletion.tlog-proof --checkpoint kept-in-march.txt\n"
    "  keyledger verify kept-in-march.txt --key ledger.pub"
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="A checkpoint of the ledger that was kept elsewhere.",
)
@with_key
@digest_keys.digest_keys
@shared_but_ledger
def command(
    session: Session,
    file: Path,
    checkpoint: Path | None,
    key: str | None,
    digest_keys: tuple[Path, ...],
) -> ExitCode:
    """Check a proof or a checkpoint, with no ledger at hand.

    Says what was checked, what came of it, and what it does not show. Exits 0 when everything
    holds, 4 when something contradicts, 5 when something could not be checked: without --checkpoint
    and --key nobody vouches for the tree, however well a file fits together. With --digest-keys it
    also checks that CloudTrail signed the source of the record.
    """
    from analyzer.proving import verification_of
    from tui.digest_keys import read

    keys = read(digest_keys) if digest_keys else None
    document = verification_of(file, checkpoint, key, keys)

    def page(canvas: Canvas) -> None:
        from tui.pages import verify

        verify.paint(canvas, document)

    tables = {"verification": [document]}
    session.console.answer(Answer(document=document, tables=tables, page=page))
    return _CODES[document["outcome"]]
