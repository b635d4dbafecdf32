"""`keyledger redact`: erase what must not be kept; the proofs stay."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.answer import Answer
from tui.console import ExitCode
from tui.session import Session, shared, signing
from tui.streams import say

if TYPE_CHECKING:
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n"
    "  keyledger redact 17 --reason 'a password in requestParameters' --dry-run\n"
    "  keyledger redact 17 42 --reason 'personal data, request 2026-118' --yes\n"
    "  keyledger redact --clear"
)
@click.argument("entries", nargs=-1, type=click.IntRange(min=0), metavar="ENTRY...")
@click.option("--reason", metavar="TEXT", help="Why. It is sealed with the order, and stays.")
@click.option(
    "--bare", is_flag=True, help="Keep neither event name, time nor resource in the order."
)
@click.option("--dry-run", is_flag=True, help="Say what would be erased; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@click.option(
    "--clear", is_flag=True, help="Clear old pages of the file, after one that could not."
)
@signing
@shared
def command(
    session: Session,
    entries: tuple[int, ...],
    reason: str | None,
    *,
    bare: bool,
    dry_run: bool,
    yes: bool,
    clear: bool,
    key_file: Path | None,
) -> ExitCode:
    """Erase the payloads of entries, for good.

    For secrets and personal data. ENTRY is the number that answers cite. The entry stays, with its
    header and its place in every proof; the order to erase it is sealed as an entry of its own. The
    payload is gone from the file, its log and its unused pages, but not from copies of the file or
    from backups. Answers say which records they cannot see any more.
    """
    _check(entries, reason, is_clear=clear)
    with session.open() as case:
        document = case.custody.redactable(entries, reason or "", keeps=not bare)
        if not dry_run:
            if not (clear or yes):
                _confirm(document)
            document = case.custody.redact(
                entries, reason or "", keeps=not bare, key_file=key_file, now=session.clock()
            )
    session.console.answer(answer(document))
    return ExitCode.DONE


def answer(document: Mapping[str, Any]) -> Answer:
    """Return what was erased, or would be, as an answer."""

    def page(canvas: Canvas) -> None:
        from tui.pages import redact

        redact.paint(canvas, document)

    return Answer(document=document, tables={"entry": document["entries"]}, page=page)


def _check(entries: tuple[int, ...], reason: str | None, *, is_clear: bool) -> None:
    if is_clear == bool(entries):
        raise click.UsageError("name the entries to redact, or give --clear alone")
    if entries and not (reason and reason.strip()):
        raise click.UsageError("a redaction needs a --reason: it is sealed, and read by others")


def _confirm(document: Mapping[str, Any]) -> None:
    """Ask whoever sits there; raises a usage error where nobody does, or the answer is not yes."""
    if not sys.stdin.isatty():
        raise click.UsageError("nobody can be asked here: give --yes, or --dry-run to look first")
    for row in document["entries"]:
        said = f"{row['event_name'] or row['kind']} {row['resource'] or ''}".rstrip()
        say(f"entry {row['entry']}: {said}, {row['bytes']} bytes, will be erased for good")
    say("Erase? Type yes to go on:")
    if sys.stdin.readline().strip() != "yes":
        raise click.UsageError("not confirmed; nothing was changed")
