"""Words: how verdicts, conditions and bases are said to a person; never by colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analyzer.place import spelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """How one value is shown.

    Attributes:
        symbol: one column wide.
        text: in plain words.
        style: a rich style for both.
    """

    symbol: str
    text: str
    style: str


VERDICTS: Final = {
    "healthy": Word(symbol="●", text="healthy", style="green"),
    "at-risk": Word(symbol="▲", text="at risk", style="bold yellow"),
    "recoverable": Word(symbol="◑", text="recoverable", style="cyan"),
    "recoverable-with-action": Word(
        symbol="◐", text="recoverable with action", style="bold magenta"
    ),
    "unrecoverable": Word(symbol="✖", text="unrecoverable", style="bold red"),
    "unknown": Word(symbol="?", text="unknown", style="bright_black"),
}
"""The verdicts of the contract."""

MEANINGS: Final = {
    "healthy": "it can be reached, its key can be used",
    "at-risk": "it still runs, but its key cannot be used",
    "recoverable": "offline; a copy can be restored as it is",
    "recoverable-with-action": "offline; whoever saves the key saves the data",
    "unrecoverable": "every copy is dead or gone",
    "unknown": "this ledger does not tell",
}
"""What each verdict means, for someone who meets the words for the first time."""

CONDITIONS: Final = {
    "usable": Word(symbol="●", text="usable", style="green"),
    "latent": Word(symbol="◐", text="latent", style="bold magenta"),
    "dead": Word(symbol="✖", text="dead", style="bold red"),
    "gone": Word(symbol="✖", text="gone", style="red"),
    "unknown": Word(symbol="?", text="unknown", style="bright_black"),
}
"""The conditions of a copy."""

SEVERITIES: Final = {
    "low": Word(symbol="·", text="low", style="bright_black"),
    "medium": Word(symbol="◆", text="medium", style="cyan"),
    "high": Word(symbol="▲", text="high", style="bold yellow"),
    "critical": Word(symbol="✖", text="critical", style="bold red"),
}
"""How much a finding matters, in rising order."""

BASES: Final = {
    "observed": "observed",
    "derived": "derived from AWS's rules",
    "bounded": "at the earliest",
    "inferred": "inferred, no record confirms it",
}
"""How a moment is known."""

EVENTS: Final = {
    "RDS-EVENT-0418": "RDS cannot use the key",
    "RDS-EVENT-0419": "RDS takes it offline",
    "RDS-EVENT-0420": "RDS can use the key again",
}
"""RDS events that carry a number where a name would help."""

OUTCOMES: Final = {
    "intact": Word(symbol="●", text="intact", style="green"),
    "broken": Word(symbol="✖", text="broken", style="bold red"),
    "incomplete": Word(symbol="▲", text="incomplete", style="bold yellow"),
}
"""The outcomes of an audit."""

VALIDITIES: Final = {
    "valid": Word(symbol="●", text="valid", style="green"),
    "broken": OUTCOMES["broken"],
    "incomplete": OUTCOMES["incomplete"],
}
"""The outcomes of a verification."""

FINDINGS: Final = {
    "holds": Word(symbol="●", text="holds", style="green"),
    "contradicts": Word(symbol="✖", text="contradicts", style="bold red"),
    "unchecked": Word(symbol="?", text="not checked", style="bold yellow"),
}
"""What came of one check of a proof."""
GAPS: Final = {
    "signature-invalid": "signature is not CloudTrail's",
    "digest-replaced": "digest file replaced",
    "digest-foreign": "digest file beside the chain",
    "digest-unreadable": "digest file unreadable",
    "log-file-altered": "log file altered",
    "logging-stopped": "logging stopped",
    "kms-excluded": "KMS events excluded",
    "shard-lost": "shard of the fleet lost",
    "digests-missing": "digest files missing",
    "chain-cut": "chain cut",
    "chain-restarted": "chain began anew",
    "hours-without-digests": "hours without digest files",
    "log-file-absent": "log file absent",
    "log-file-unnamed": "log file that no digest file names",
    "digest-out-of-order": "digest file out of order",
    "digest-renamed": "digest file renamed",
    "log-file-renamed": "log file renamed",
    "signature-unclaimed": "saved signature of no digest file here",
}
"""What `gaps` finds, the gravest first."""


def key_word(state: str, *, usable: bool | None) -> Word:
    """Return how a key's state is shown: AWS's literal, with a symbol that says what it means."""
    if usable:
        return Word(symbol="●", text=state, style="green")
    if usable is None:
        return Word(symbol="?", text=state, style="bright_black")
    if state == "Deleted":
        return Word(symbol="✖", text=state, style="bold red")
    return Word(symbol="▲", text=state, style="bold yellow")


def status_lines(status: str, width: int) -> list[str]:
    """Return a database status, broken between its words where it is longer than *width*."""
    if len(status) <= width or not width:
        return [status]
    head, dash, tail = status.partition("-encryption-")
    return [head + dash, tail] if tail else [status]


def duration(seconds: float) -> str:
    """Spell a stretch of time in its two largest units: `6 d 3 h`, `45 min`."""
    whole = int(abs(seconds))
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    first = next((number for number, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or "0 s"


def numbered(entry: int) -> str:
    """Spell the number of an entry: `#17`; in a fleet `3#17`, entry 17 of shard 3."""
    found = spelled(entry)
    return found if "#" in found else f"#{found}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Spell a count with its noun: `1 record`, `12 records`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}".replace(",", " ")


def objects_seen(objects: Mapping[str, int]) -> str:
    """Say what was seen in S3, behind the number of objects: `objects` of an `ingest`."""
    noun = "object" if objects["found"] == 1 else "objects"
    listings = counted(objects["listings"], "listing")
    older = f" ({counted(objects['older'], 'older version')})" if objects["older"] else ""
    sealed = f"{objects['unchanged']} of them sealed already as they are"
    return f"{noun} in S3{older}, {sealed}; {listings}"


def doubted(doubt: Mapping[str, Any]) -> str:
    """Say what is seen where a verdict is not given because shards of a fleet are lost."""
    lacks = len(doubt["shards"])
    lost = (
        "a shard is lost that may tell" if lacks == 1 else f"{lacks} shards are lost that may tell"
    )
    return (
        f"By what is seen it is {VERDICTS[doubt['seen']].text}, but {lost} otherwise; the notes "
        "say what may be missing."
    )
