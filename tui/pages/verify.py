"""The page of `verify`: the outcome, each check, what is shown, and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.text import Text

from tui.paint import Canvas, column, faint, grid, joined, plain, rendered, symbol
from tui.words import FINDINGS, VALIDITIES, counted

Json = Mapping[str, Any]

_OWN: Final = {"key", "seal", "redaction"}
"""What the ledger seals of itself: it comes from no source."""

_WHAT: Final = {"entry": "proof", "checkpoint": "checkpoint"}

_UNSHOWN: Final = frozenset({"step", "content", "signature"})
"""Members of a step of provenance that are too long to read."""


def paint(canvas: Canvas, document: Json) -> None:
    """Paint what `verify` has found."""
    word = VALIDITIES[document["outcome"]]
    what = f" the {_WHAT[document['what']]} is "
    canvas.put(joined(symbol(word), what, Text(word.text.upper(), style=word.style)))
    canvas.blank()
    rows = [
        [symbol(FINDINGS[one["finding"]]), plain(one["check"]), plain(one["detail"])]
        for one in document["checks"]
    ]
    canvas.rows(rendered(rows, grid(column(), column(), column(fold=True))))
    shown = [*facts(canvas, document)]
    if shown:
        canvas.title("What the file says")
        canvas.rows(rendered(shown, grid(column(), column(fold=True))))
    if document["provenance"]:
        canvas.title("Where its source came from")
        steps = [[faint(step.get("step")), plain(_step(step))] for step in document["provenance"]]
        canvas.rows(rendered(steps, grid(column(), column(fold=True))))
    if document["not_shown"]:
        canvas.title("What this does not show")
        for sentence in document["not_shown"]:
            canvas.paragraph(faint(sentence), indent=0)


def facts(canvas: Canvas, document: Json) -> Iterator[list[Text]]:
    """Yield what a file holds: the entry, the record, the checkpoint."""
    entry, record, checkpoint = document["entry"], document["record"], document["checkpoint"]
    if entry is not None:
        yield [faint("entry"), plain(f"{entry['index']} ({entry['kind']})")]
    if record is not None:
        failed = f", failed with {record['error']}" if record["error"] else ""
        yield [faint("record"), plain(f"{record['event_name']}{failed}", "bold")]
        yield [faint("event time"), canvas.when(record["event_time"])]
        yield [faint("by"), plain(record["session"] or record["actor"])]
        yield [faint("event id"), plain(record["event_id"])]
    if document["state"] is not None:
        yield from _state(canvas, document["state"])
    if entry is not None:
        yield [
            faint("sealed at"),
            joined(canvas.when(entry["sealed_at"]), " by the writer's clock"),
        ]
        if entry["kind"] not in _OWN:
            yield [faint("source"), plain(f"sha256:{entry['source_sha256']}")]
            yield [faint("place there"), plain(_place(entry))]
        yield [faint("payload"), plain(f"sha256:{entry['payload_sha256']}")]
    if checkpoint is not None:
        yield [faint("ledger"), plain(checkpoint["origin"])]
        yield [faint("tree"), plain(counted(checkpoint["size"], "entry", "entries"))]
        yield [faint("root"), plain(checkpoint["root"])]
        signed = checkpoint["signed_by"]
        yield [faint("signed by"), plain(", ".join(signed) if signed else "nobody")]
    if document["fleet"] is not None:
        yield from _fleet(document["fleet"])


def _fleet(fleet: Json) -> Iterator[list[Text]]:
    """Yield where the checkpoint of a shard leads on to."""
    checkpoint = fleet["checkpoint"]
    signed = ", ".join(checkpoint["signed_by"]) or "nobody"
    yield [faint("shard"), plain(fleet["shard"], "bold")]
    yield [faint("fleet"), plain(checkpoint["origin"])]
    yield [faint("sealed there"), plain(f"entry {fleet['entry']} of {checkpoint['size']}")]
    yield [faint("fleet's root"), plain(checkpoint["root"])]
    yield [faint("signed by"), plain(signed)]


def _state(canvas: Canvas, sealed: Json) -> Iterator[list[Text]]:
    """Yield what was sealed of a state, and what it says of the one that is shown."""
    row = sealed["row"]
    if row is not None:
        yield [faint(row.get("row")), plain(row.get("name") or row.get("arn"), "bold")]
        said = [row.get("state"), row.get("status"), row.get("verdict")]
        yield [faint("was"), plain(", ".join(str(one) for one in said if one), "bold")]
    yield [faint("at"), canvas.when(sealed["at"])]
    known = counted(sealed["size"], "entry", "entries")
    yield [faint("as known"), plain(f"from the first {known}, derived by {sealed['code']}")]


def _place(entry: Json) -> str:
    place = f"record {entry['position']}, byte {entry['offset']}, {entry['length']} bytes"
    steps = [step.replace("_", " ") for step in entry["unwrapping"]]
    return f"{place}, unwrapped from {', '.join(steps)}" if steps else place


def _step(step: Json) -> str:
    """Return what a step says, but for what is too long to read."""
    told = {name: held for name, held in step.items() if name not in _UNSHOWN}
    return ", ".join(f"{name} {value}" for name, value in told.items())
