"""Sentences: errors, which carry data, as words for the screen with a way out and an exit code."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

import analyzer.errors as reading
import analyzer.warehouse.errors as queries
import ledger.errors as sealing
from analyzer.errors import AnalyzerError
from ledger.errors import LedgerError
from tui.config import ConfigError
from tui.console import ExitCode, OutputExistsError
from tui.words import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What to tell of an error.

    Attributes:
        text: what happened, one line.
        code: how the process ends.
        ways_out: what the person can do, a line each.
    """

    text: str
    code: ExitCode = ExitCode.FAILED
    ways_out: tuple[str, ...] = ()


def sentence(error: Exception) -> Sentence:
    """Return what to tell of an error."""
    if isinstance(error, LedgerError):
        return _of_ledger(error)
    if isinstance(error, AnalyzerError):
        return _of_analyzer(error)
    if isinstance(error, OutputExistsError) and error.is_foreign:
        return Sentence(
            text=f"{error.path} exists already, and is no earlier export",
            ways_out=("name another folder: this one is never replaced, not even with --force",),
        )
    if isinstance(error, OutputExistsError):
        return Sentence(
            text=f"{error.path} exists already",
            ways_out=("give --force to overwrite it, or another file to --output",),
        )
    if isinstance(error, ConfigError):
        return Sentence(
            text=f"{error.path} cannot be used",
            code=ExitCode.USAGE,
            ways_out=(*error.troubles, "see every setting with: keyledger config show"),
        )
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename is not None else ""
        return Sentence(text=f"{where}{error.strerror or error}")
    return Sentence(text=str(error))


def _of_ledger(error: LedgerError) -> Sentence:
    match error:
        case sealing.LedgerMissingError():
            option = "" if str(error.path) == "keyledger.db" else f" --ledger {_quoted(error.path)}"
            return Sentence(
                text=f"there is no ledger at {error.path}",
                ways_out=(f"create one with: keyledger ingest SOURCE…{option}",),
            )
        case sealing.NotALedgerError():
            return Sentence(text=f"{error.path} is not a ledger: {error.detail}")
        case sealing.LedgerBusyError():
            return Sentence(
                text=f"another process is writing {error.path} (waited {error.waited:g} s)",
                ways_out=("try again when it has finished",),
            )
        case sealing.LedgerFullError():
            return Sentence(
                text=f"no room left to write {error.path}: {error.detail}",
                ways_out=("what was sealed before is whole; make room and run the same again",),
            )
        case sealing.LedgerReadOnlyError():
            return Sentence(
                text=f"{error.path} cannot be written: {error.detail}",
                ways_out=("choose a place that can be written with --ledger",),
            )
        case sealing.ResidueError():
            return Sentence(
                text=f"what was redacted is gone, but old pages of {error.path} may still hold it:"
                f" {error.detail}",
                ways_out=("clear them with: keyledger redact --clear",),
            )
        case sealing.UnreadableError():
            return Sentence(
                text=f"cannot read {error.path}: {error.detail}",
                ways_out=("if it is a ledger, see what is left of it with: keyledger audit",),
            )
        case sealing.BrokenError():
            return Sentence(
                text=f"the ledger is broken: {error}",
                code=ExitCode.BROKEN,
                ways_out=("see where it begins with: keyledger audit",),
            )
        case sealing.KeyFileError():
            return Sentence(
                text=f"the key at {error.path} cannot be used: {error.detail}",
                ways_out=("name another with --key-file",),
            )
        case sealing.WrongKeyError():
            wanted = error.wanted or "a key under the ledger's own name"
            return Sentence(
                text=f"the key at {error.path} is not the one with which this ledger signs",
                ways_out=(f"there: {error.given}", f"wanted: {wanted}", "name it with --key-file"),
            )
        case sealing.KeyTakenError():
            return Sentence(
                text=f"the ledger signs with {error.key} already",
                ways_out=("replace that key with: keyledger checkpoint --rotate-key",),
            )
        case sealing.NoKeyError(key=None):
            return Sentence(
                text="the ledger has no key to replace",
                ways_out=("make one with: keyledger checkpoint --init-key",),
            )
        case sealing.NoKeyError():
            return Sentence(
                text=f"there is no key at {error.path}; the ledger signs with {error.key}",
                ways_out=(
                    "name its file with --key-file",
                    "if it is lost: keyledger checkpoint --rotate-key --lost",
                ),
            )
        case sealing.UncheckedError():
            return Sentence(text=error.detail, code=ExitCode.INCOMPLETE)
        case sealing.ForkError():
            return Sentence(
                text=f"the ledger does not extend it: at {error.size} entries {error.detail}",
                code=ExitCode.BROKEN,
                ways_out=("see what is left of the ledger with: keyledger audit",),
            )
        case _:
            return Sentence(text=str(error))


def _of_analyzer(error: AnalyzerError) -> Sentence:
    match error:
        case reading.UnreadableTimeError():
            return Sentence(
                text=f"cannot read the time {error.text!r}",
                code=ExitCode.USAGE,
                ways_out=(f"accepted forms: {', '.join(error.forms)}",),
            )
        case reading.UnknownResourceError():
            nearest = (f"did you mean: {', '.join(error.nearest)}",) if error.nearest else ()
            listed = ("list what is known with: keyledger state",)
            return Sentence(
                text=f"no key or database is named {error.name!r} there", ways_out=nearest or listed
            )
        case reading.AmbiguousResourceError():
            return Sentence(
                text=f"{error.name!r} could mean {len(error.candidates)} resources",
                code=ExitCode.USAGE,
                ways_out=("name one of:", *(f"  {one}" for one in error.candidates)),
            )
        case reading.UnknownEventError():
            nearest = (f"did you mean: {', '.join(error.nearest)}",) if error.nearest else ()
            listed = ("list events with their ids with: keyledger timeline RESOURCE",)
            return Sentence(
                text=f"no event that bears on a key or database is {error.name!r}",
                ways_out=nearest or listed,
            )
        case reading.UnreadableAssumptionError():
            problem = f": {error.problem}" if error.problem else ""
            return Sentence(
                text=f"cannot read the assumption {error.text!r}{problem}",
                code=ExitCode.USAGE,
                ways_out=("accepted forms:", *(f"  {one}" for one in error.forms)),
            )
        case reading.UnknownRulesError():
            return Sentence(
                text=f"no rules are named {error.name!r}",
                code=ExitCode.USAGE,
                ways_out=(f"there are, oldest first: {', '.join(error.names)}",),
            )
        case reading.UnknownEntryError():
            return Sentence(
                text=f"no entry and no event is named {error.name!r} "
                f"among {counted(error.size, 'entry', 'entries')}",
                ways_out=("timeline and explain name entries and event ids",),
            )
        case reading.UnknownSealError():
            when = f" at {error.at}" if error.at is not None else ""
            known = f", knowing {error.size} entries" if error.size is not None else ""
            return Sentence(
                text=f"no state{when}{known} was ever sealed in this ledger",
                ways_out=(f"seal it with: keyledger state --seal{_option('--at', error.at)}",),
            )
        case reading.RestatedError():
            return Sentence(
                text=f"what {error.code} sealed as entry {error.entry} is not what is derived here "
                "from the same entries, so no row of it can be shown",
                ways_out=(
                    f"install {error.code}; or prove the seal alone: keyledger prove --state",
                ),
            )
        case reading.MisspelledError():
            return Sentence(text=f"{error.name} is no {error.wanted}: {error.detail}")
        case reading.WorkerLostError():
            return Sentence(
                text="a process that read sources was ended from outside",
                ways_out=(
                    "what was sealed is whole; the same command again completes it",
                    "where memory is short: --workers 0",
                ),
            )
        case reading.AmbiguousEntryError():
            return Sentence(
                text=f"{error.name!r} is the id of {len(error.entries)} entries",
                code=ExitCode.USAGE,
                ways_out=("name one of:", *(f"  '#{index}'" for index in error.entries)),
            )
        case reading.SuppressionError():
            which = "" if error.number is None else f", entry {error.number}"
            return Sentence(
                text=f"the suppressions cannot be relied on{which}: {error.detail}",
                code=ExitCode.USAGE,
                ways_out=("each entry needs rule, resource, reason and until",),
            )
        case queries.WarehouseError():
            return _of_warehouse(error)
        case _:
            return Sentence(text=str(error))


def _of_warehouse(error: queries.WarehouseError) -> Sentence:
    tables = "see what there is to ask with: keyledger query tables"
    match error:
        case queries.UnknownQueryError():
            nearest = (f"did you mean: {', '.join(error.nearest)}",) if error.nearest else ()
            listed = "list the queries with: keyledger query --list; SQL has more than one word"
            return Sentence(text=f"no query is named {error.name!r}", ways_out=(*nearest, listed))
        case queries.ParametersError():
            wrong = (
                ("needs", error.missing),
                ("has no", error.unknown),
                ("cannot read", error.unreadable),
            )
            told = "; ".join(f"{how} {', '.join(names)}" for how, names in wrong if names)
            has = ("its parameters:", *(f"  {one}" for one in error.declared))
            return Sentence(
                text=f"{error.query or 'the query'} {told}",
                code=ExitCode.USAGE,
                ways_out=has if error.declared else ("it has no parameters",),
            )
        case queries.QueryFailedError():
            first, *more = error.detail.splitlines() or [""]
            return Sentence(text=first, ways_out=(*(line for line in more if line), tables))
        case queries.QueryTimeoutError():
            return Sentence(
                text=f"stopped after {error.seconds:g} s",
                ways_out=("give it longer with --timeout SECONDS, or ask for less",),
            )
        case queries.DamagedFileError():
            return Sentence(
                text=f"the warehouse's file cannot be used: {error.detail.splitlines()[0]}",
                ways_out=("it holds no evidence: remove it, and the next query makes it anew",),
            )
        case queries.ForeignFileError():
            return Sentence(
                text=f"{error.path} is a database of somebody else, and lies where the warehouse"
                " of this ledger would",
                ways_out=("move it away; it was left as it is",),
            )
        case _:
            return Sentence(text=str(error))


def _option(name: str, value: str | None) -> str:
    return "" if value is None else f" {name} {value}"


def _quoted(path: object) -> str:
    return shlex.quote(str(path))
