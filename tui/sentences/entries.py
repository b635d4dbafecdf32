"""Entries and sealed states that are not there, or are several."""

from __future__ import annotations

import analyzer.errors as reading
from tui.console import ExitCode
from tui.sentence import Sentence
from tui.words import counted, numbered


def told(error: Exception) -> Sentence | None:
    """Return what to tell of it; None where it is none of these."""
    match error:
        case reading.UnknownEntryError():
            return Sentence(
                text=f"no entry and no event is named {error.name!r} "
                f"among {counted(error.size, 'entry', 'entries')}",
                ways_out=("timeline and explain name entries and event ids",),
            )
        case reading.AmbiguousEntryError():
            return Sentence(
                text=f"{error.name!r} is the id of {len(error.entries)} entries",
                code=ExitCode.USAGE,
                ways_out=("name one of:", *(f"  '{numbered(one)}'" for one in error.entries)),
            )
        case reading.UnknownSealError():
            when = f" at {error.at}" if error.at is not None else ""
            known = f", knowing {error.size} entries" if error.size is not None else ""
            return Sentence(
                text=f"no state{when}{known} was ever sealed in this ledger",
                ways_out=(f"seal it with: keyledger state --seal{_option('--at', error.at)}",),
            )
        case reading.RestatedError(redacted=(_, *_)):
            return _redacted_since(error)
        case reading.RestatedError():
            return Sentence(
                text=f"what {error.code} sealed as entry {error.entry} is not what is derived here "
                "from the same entries, so no row of it can be shown",
                ways_out=(
                    f"install {error.code}; or prove the seal alone: keyledger prove --state",
                ),
            )
        case _:
            return None


def _redacted_since(error: reading.RestatedError) -> Sentence:
    return Sentence(
        text=f"entry {error.entry} seals a state that rested on what was redacted since "
        f"({_listed(error.redacted)}), so no row of it can be shown any more",
        ways_out=(
            "a proof of the row that was made before still verifies",
            "prove the seal alone: keyledger prove --state",
        ),
    )


def _listed(entries: tuple[int, ...]) -> str:
    return ", ".join(f"entry {one}" for one in entries)


def _option(name: str, value: str | None) -> str:
    return "" if value is None else f" {name} {value}"
