"""`keyledger checkpoint`: the head of the tree, signed, to be kept elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tui.answer import Answer
from tui.console import Console, ExitCode
from tui.session import Session, shared, signing

if TYPE_CHECKING:
    from tui.paint import Canvas

KEY_BYTES: Final = 32
"""Random bytes that make a key."""


def key_changes(of: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the options that change the key with which a ledger or a fleet signs."""
    options = (
        click.option(
            "--init-key",
            is_flag=True,
            help=f"First make the key with which this {of} signs, and seal its public half.",
        ),
        click.option(
            "--rotate-key",
            is_flag=True,
            help="First replace the key; the old one signs the change, which is sealed.",
        ),
        click.option(
            "--lost",
            is_flag=True,
            help="With --rotate-key: the old key is lost and cannot sign the change. "
            "Audits will say so.",
        ),
    )

    def give(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return give


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger checkpoint --init-key\n"
    "  keyledger checkpoint -o checkpoint.txt\n"
    "  keyledger checkpoint --witness /mnt/other-host/case.checkpoint\n"
    "  keyledger checkpoint --rotate-key"
)
@key_changes("ledger")
@click.option(
    "--witness",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Move this file on to the new checkpoint, unless the ledger does not extend the one in "
    "it; best where whoever writes the ledger cannot write.",
)
@signing
@shared
def command(
    session: Session,
    *,
    init_key: bool,
    rotate_key: bool,
    lost: bool,
    witness: Path | None,
    key_file: Path | None,
) -> ExitCode:
    """Show the head of the tree, signed, to be kept elsewhere.

    A checkpoint (C2SP tlog-checkpoint) is a few lines: which ledger, how many entries, the root of
    the tree over them, and the signature if the ledger has a key. Whoever keeps one can show later
    that the ledger was cut or rewritten (`audit --against`) and that a record was in it (`verify`).
    Kept only beside the ledger it shows nothing. Piped, or with -o, it is written as it is.
    """
    require_one_change(init_key=init_key, rotate_key=rotate_key, is_lost=lost)
    with session.open() as case:
        if init_key:
            case.custody.start_signing(key_file, session.clock(), session.chance(KEY_BYTES))
        if rotate_key:
            case.custody.change_key(
                key_file, session.clock(), session.chance(KEY_BYTES), is_lost=lost
            )
        document = case.custody.checkpoint(key_file, witness, session.clock())
    _narrate(session.console, document, is_changed=init_key or rotate_key)
    session.console.answer(_answer(document))
    return ExitCode.DONE


def require_one_change(*, init_key: bool, rotate_key: bool, is_lost: bool) -> None:
    """Refuse options that contradict each other; raises UsageError."""
    if init_key and rotate_key:
        raise click.UsageError("--init-key and --rotate-key exclude each other")
    if is_lost and not rotate_key:
        raise click.UsageError("--lost goes with --rotate-key")


def _narrate(console: Console, document: Mapping[str, Any], *, is_changed: bool) -> None:
    if document["doubt"] is not None:
        console.warn(document["doubt"])
    elif not document["signed_by"]:
        console.narrate("unsigned; keyledger checkpoint --init-key makes a key to sign with")
    elif is_changed:
        console.narrate(f"the ledger signs with {document['key']} from now on")


def _answer(document: Mapping[str, Any]) -> Answer:
    def page(canvas: Canvas) -> None:
        from tui.pages import checkpoint

        checkpoint.paint(canvas, document)

    return Answer(
        document=document, tables={"checkpoint": [document]}, page=page, text=document["note"]
    )
