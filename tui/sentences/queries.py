"""Queries, and the warehouse on which they run."""

from __future__ import annotations

import analyzer.warehouse.errors as queries
from tui.console import ExitCode
from tui.sentence import Sentence


def told(error: Exception) -> Sentence | None:
    """Return what to tell of it; None where it is none of these."""
    tables = "see what there is to ask with: keyledger query tables"
    match error:
        case queries.UnknownQueryError():
            nearest = (f"did you mean: {', '.join(error.nearest)}",) if error.nearest else ()
            listed = "list the queries with: keyledger query --list; SQL has more than one word"
            return Sentence(text=f"no query is named {error.name!r}", ways_out=(*nearest, listed))
        case queries.ParametersError():
            return _of_parameters(error)
        case queries.QueryFailedError():
            first, *more = error.detail.splitlines() or [""]
            return Sentence(text=first, ways_out=(*(line for line in more if line), tables))
        case queries.UntranslatableError():
            return Sentence(
                text=f"Spark cannot be asked that: {error.detail}",
                ways_out=("one machine can: keyledger fleet query FOLDER",),
            )
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
            return None


def _of_parameters(error: queries.ParametersError) -> Sentence:
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
