"""The pages of `spark`: what was sealed, shard by shard, and what a replay has written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from tui.paint import Canvas, column, faint, joined, plain, rendered, sheet, stacked
from tui.words import counted

Json = Mapping[str, Any]


def paint_sealed(canvas: Canvas, document: Json) -> None:
    """Paint the document of `spark seal`."""
    columns = (
        column(""), column("shard", fold=True), column("new"), column("again"), column("left out"),
        column("entries"),
    )  # fmt: skip
    canvas.rows(rendered(map(_shard, document["shards"]), sheet(*columns)))
    canvas.blank()
    totals = document["totals"]
    shards = counted(len(document["shards"]), "shard")
    canvas.put(
        joined(
            plain(f"{counted(totals['appended'], 'record')} sealed in {shards}", "bold"),
            faint(f" of {document['fleet']}: see keyledger fleet audit {document['fleet']}"),
        )
    )


def _shard(one: Json) -> list[Text]:
    is_whole = one["error"] is None and not one["failed"]
    mark = Text("●", style="green") if is_whole else Text("✖", style="bold red")
    return [mark, stacked(plain(one["shard"], "bold"), *_told(one)), *map(plain, _counts(one))]


def _told(one: Json) -> Iterator[Text]:
    if one["error"] is not None:
        yield plain(one["error"], "red")
    for failed in one["failed"]:
        yield plain(f"{failed['source']}: {failed['error']}", "red")
    for name in ("conflicts", "rejected"):
        if one[name]:
            yield faint(f"{one[name]} {name}")
    for warning in one["warnings"]:
        yield faint(warning)


def _counts(one: Json) -> Iterator[str]:
    for name in ("appended", "duplicates", "skipped", "size"):
        yield "—" if one[name] is None else f"{one[name]:,}".replace(",", " ")


def paint_replayed(canvas: Canvas, document: Json) -> None:
    """Paint the document of `spark replay`."""
    rows = [
        [plain(one["table"], "bold"), plain(f"{one['rows']:,}".replace(",", " "))]
        for one in document["tables"]
    ]
    canvas.rows(rendered(rows, sheet(column("table", fold=True), column("rows"))))
    canvas.blank()
    known = counted(document["known_at"], "entry", "entries")
    canvas.put(
        joined(
            plain(f"written below {document['out']}", "bold"),
            faint(f", judged at {document['at']}, knowing {known}"),
        )
    )
