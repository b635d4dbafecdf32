"""`keyledger verify`: a proof or a checkpoint, checked with no ledger at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tui import digest_keys
from tui.answer import Answer
from tui.console import ExitCode
from tui.session import Session, shared_but_ledger, with_key
from tui.version import program

if TYPE_CHECKING:
    from analyzer.proof.verifying import Compare
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
    "  keyledger verify kept-in-march.txt --key ledger.pub\n"
    "  keyledger verify state.tlog-proof --ledger case.db"
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
@click.option(
    "--ledger",
    "at_hand",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="A ledger that is at hand after all: it must hold the entry, extend the checkpoint, and "
    "give the same rows where a state was sealed.",
)
@shared_but_ledger
def command(
    session: Session,
    *,
    file: Path,
    checkpoint: Path | None,
    key: str | None,
    digest_keys: tuple[Path, ...],
    at_hand: Path | None,
) -> ExitCode:
    """Check a proof or a checkpoint, with no ledger at hand.

    Says what was checked, what came of it, and what it does not show. Exits 0 when everything
    holds, 4 when something contradicts, 5 when something could not be checked: without
    --checkpoint, --key or --ledger nobody vouches for the tree, however well a file fits together.
    With --digest-keys it also checks that CloudTrail signed the source of the record.
    """
    from analyzer.proof.verifying import verification_of
    from tui.digest_keys import read

    keys = read(digest_keys) if digest_keys else None
    document = verification_of(file, checkpoint, key, keys, _comparing(at_hand, session))

    def page(canvas: Canvas) -> None:
        from tui.pages import verify

        verify.paint(canvas, document)

    tables = {"verification": [document]}
    session.console.answer(Answer(document=document, tables=tables, page=page))
    return _CODES[document["outcome"]]


def _comparing(path: Path | None, session: Session) -> Compare | None:
    """Return what compares a file with a ledger; None where none is at hand."""
    if path is None:
        return None
    from analyzer.proof.comparing import compared

    return lambda found: compared(found, path, program(), session.clock())
