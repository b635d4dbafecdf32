"""`keyledger export`: sealed records in the forms that other tools read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, assert_never

import click

from analyzer.export.form import Form
from tui import formats
from tui.commands.audit import OUTCOME_CODES
from tui.console import Console, ExitCode, OutputExistsError
from tui.draft import drafted
from tui.fleet.opening import ended, inquiry
from tui.options import services_named
from tui.session import Session, known_at, shared_by_writers
from tui.version import version
from tui.words import counted

if TYPE_CHECKING:
    from analyzer.export.sealed import Sealed
    from analyzer.findings.finding import Finding
    from analyzer.inquiry import Inquiry

STAMP: Final = "_keyledger.json"
"""In a folder of Parquet files: says what it is made from; readers pass over it."""


@click.command(
    epilog="\b\nFormats:\n"
    "  jsonl       the records, byte for byte; ingest seals the same from them\n"
    "  csv         a row for each record, for spreadsheets\n"
    "  parquet     a folder of files by account, region and day\n"
    "  timesketch  a timeline, as CSV or, to a file named .jsonl, as JSON Lines\n"
    "  ocsf        API Activity and Detection Finding of OCSF, as JSON Lines\n"
    "  ledger      a copy of the whole ledger, audited\n"
    "\n\b\nExamples:\n"
    "  keyledger export jsonl -o records.jsonl\n"
    "  keyledger export parquet -o events --since 2026-01-01\n"
    "  keyledger export timesketch -o timeline.csv --services kms,rds\n"
    "  keyledger export ledger -o copy.db"
)
@click.argument("form", metavar="FORMAT", type=click.Choice([one.value for one in Form]))
@click.option(
    "-o",
    "--output",
    "output_path",
    type=click.Path(path_type=Path),
    metavar="PATH",
    required=True,
    help="The file, or for parquet the folder, to write; - is stdout.",
)
@click.option("--since", metavar="TIME", help="Only events at or after it; the forms of --at.")
@click.option("--until", metavar="TIME", help="Only events before it.")
@click.option(
    "--services",
    callback=services_named,
    metavar="NAMES",
    help="Only records of these services: kms,rds,...",
)
@known_at
@shared_by_writers
def command(
    session: Session,
    *,
    form: str,
    output_path: Path,
    since: str | None,
    until: str | None,
    services: tuple[str, ...],
    known_at: str | None,
) -> ExitCode:
    """Write sealed records in a form that other tools read.

    What is written lies beside PATH and takes its place when it is whole. A sealed record becomes
    one row or line, in ledger order.
    """
    to = Form(form)
    is_limited = since is not None or until is not None or known_at is not None or bool(services)
    if to is Form.LEDGER and is_limited:
        raise click.UsageError("a copy of the ledger is whole: it takes no limits")
    console = _console(session.console, to, output_path)
    if to is Form.LEDGER:
        return _copy(session, console, output_path)
    with inquiry(session) as case, console.meter("export", "entries") as meter:
        chosen = case.custody.selection(since, until, known_at, session.clock())
        chosen = replace(chosen, services=frozenset(services))
        tally = _Tally(case.custody.selected(chosen, meter.advance_to))
        if to is Form.PARQUET:
            _write_folder(case, output_path, tally)
        else:
            findings: tuple[Finding, ...] = ()
            if to is Form.OCSF:
                found = case.findings(until or "end", known_at, session.clock())
                findings = tuple(one for one in found if chosen.wants_time(one.since))
            console.pour(_pieces(to, output_path, tally, findings))
        code = ended(session, case.archive.lost)
    whole = session.fleet or session.ledger
    console.narrate(f"{counted(tally.entries, 'entry', 'entries')} of {whole} exported")
    for warning in tally.warnings(to):
        console.warn(warning)
    return code


def _console(console: Console, form: Form, output: Path) -> Console:
    """Return a console that writes where the export goes; refuses to overwrite at once."""
    if output != Path("-"):
        if output.exists() and not console.wishes.force and not output.is_char_device():
            raise OutputExistsError(output)
        is_one_file = form not in {Form.PARQUET, Form.LEDGER}
        return Console(replace(console.wishes, output=output)) if is_one_file else console
    if form in {Form.PARQUET, Form.LEDGER}:
        raise click.UsageError(f"{form.value} is no stream: name a path with -o")
    if form is Form.JSONL and console.is_on_terminal:
        raise click.UsageError("raw records do not belong on a terminal: name a file with -o")
    return console


class _Tally:
    """Passes entries on and counts them."""

    def __init__(self, entries: Iterator[Sealed]) -> None:
        self._entries = entries
        self.entries = 0
        self.rejects = 0
        self.spread = 0

    def __iter__(self) -> Iterator[Sealed]:
        for one in self._entries:
            self.entries += 1
            self.rejects += one.about is None
            self.spread += b"\n" in one.payload
            yield one

    def warnings(self, form: Form) -> Iterator[str]:
        """Yield what a reader of the file would not expect."""
        if self.rejects and form is not Form.JSONL:
            rejects = counted(self.rejects, "rejected record")
            yield f"{rejects} left out, which have no columns: keyledger rejects"
        if self.spread and form is Form.JSONL:
            records = counted(self.spread, "record")
            yield f"{records} kept the line breaks inside them: read the file as JSON, not by lines"


def _pieces(
    form: Form, output: Path, entries: Iterable[Sealed], findings: Iterable[Finding]
) -> Iterator[bytes]:
    """Yield the bytes of a form that is one file."""
    from analyzer.export import ocsf, rows, timesketch, verbatim

    match form:
        case Form.JSONL:
            return verbatim.lines(entries)
        case Form.CSV:
            told = (rows.spelled(one) for one in rows.rows(entries))
            return _encoded(formats.csv_lines(told, rows.COLUMNS))
        case Form.TIMESKETCH:
            events = timesketch.events(entries)
            if output.suffix == ".jsonl":
                return _encoded(formats.json_lines(events))
            return _encoded(formats.csv_lines(events, timesketch.COLUMNS))
        case Form.OCSF:
            activities = ocsf.activities(entries, version())
            detections = ocsf.detections(findings, version())
            return _encoded(formats.json_lines(chain(activities, detections)))
        case Form.PARQUET | Form.LEDGER:
            raise AssertionError(form)
        case _:
            assert_never(form)


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode(errors="backslashreplace") for piece in pieces)


def _write_folder(case: Inquiry, folder: Path, entries: Iterable[Sealed]) -> None:
    """Write the Parquet files; a folder that is no earlier export is never replaced."""
    from analyzer.export import parquet, rows

    if folder.exists() and not (folder / STAMP).is_file():
        raise OutputExistsError(folder, is_foreign=True)
    with drafted(folder) as draft:
        draft.mkdir()
        written = parquet.write(draft, rows.rows(entries))
        made_from = {**case.custody.made_from(), "rows": written}
        (draft / STAMP).write_text(json.dumps(made_from, indent=2) + "\n")


def _copy(session: Session, console: Console, target: Path) -> ExitCode:
    """Copy the ledger and say what the audit of the copy found."""
    with (
        session.open() as case,
        console.meter("export", "entries") as meter,
        drafted(target) as draft,
    ):
        found = case.custody.copy(draft, meter.advance_to).document()
    console.narrate(f"{target} holds {counted(found['size'], 'entry', 'entries')}")
    console.narrate(f"audited: {found['outcome']}, root {found['root']}")
    return OUTCOME_CODES[found["outcome"]]
