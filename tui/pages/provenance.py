"""The provenance of records: from AWS's signature to the head of the tree, a step a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from tui.paint import Canvas, column, faint, grid, joined, plain, rendered
from tui.words import numbered

Json = Mapping[str, Any]

_SIGNATURES: Final = {
    "valid": ("valid", "green"),
    "invalid": ("NOT CloudTrail's", "bold red"),
    "unverified": ("not here: no later digest file carries it", "yellow"),
    "unchecked": ("not checked: its public key was not given (--digest-keys)", "yellow"),
}


def paint(canvas: Canvas, rows: Sequence[Json]) -> None:
    """Paint the member `provenance` of `explain`."""
    if not rows:
        return
    canvas.title("Where the records come from")
    for row in rows:
        canvas.put(
            joined("  ", plain(f"{numbered(row['entry'])} "), plain(row["event_name"], "bold"))
        )
        canvas.rows(rendered(_steps(row), grid(column(), column(fold=True))), 4)


def _steps(row: Json) -> Iterator[list[Text]]:
    if row["signature"] is None:
        yield [faint("AWS"), plain("no digest file names its source")]
    else:
        yield [faint("AWS signature"), plain(*_SIGNATURES[row["signature"]])]
        entry = numbered(row["digest_entry"])
        yield [faint("digest file"), plain(f"{last(row['digest'])}  {entry}")]
    yield [faint("log file"), plain(last(row["log_file"] or row["source"]))]
    yield [faint(""), faint(f"sha256:{row['sha256']}")]
    yield [faint("record"), plain(f"number {row['position']} in it, at byte {row['offset']}")]
    yield [faint("entry"), plain(f"{numbered(row['entry'])}, leaf {row['leaf']}")]
    by = f", signed by {', '.join(row['signed_by'])}" if row["signed_by"] else ", not signed"
    size = row["checkpoint"]
    yield [
        faint("checkpoint"),
        plain("none covers it yet" if size is None else f"of {size} entries{by}"),
    ]


def last(path: str | None) -> str | None:
    """Return the last part of a key or path; that is what tells files apart."""
    return None if path is None else path.rpartition("/")[2]
