"""The pages of `fleet`: what an audit of all shards found, and the checkpoint of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.text import Text

from tui.pages import checkpoint
from tui.paint import Canvas, column, faint, grid, joined, plain, rendered, sheet, stacked, symbol
from tui.words import OUTCOMES, counted

Json = Mapping[str, Any]


def paint_audit(canvas: Canvas, document: Json) -> None:
    """Paint the document of `fleet audit`."""
    word = OUTCOMES[document["outcome"]]
    canvas.put(joined(symbol(word), " the fleet is ", Text(word.text.upper(), style=word.style)))
    canvas.blank()
    columns = column("shard"), column("name and what was found", fold=True), column("entries")
    canvas.rows(rendered((_shard(one) for one in document["shards"]), sheet(*columns)))
    own = document["fleet"]
    if own is not None:
        canvas.title("The fleet's own ledger", aside="which seals the heads of the shards")
        canvas.rows(rendered([_own(own)], sheet(column(""), column("", fold=True), column(""))), 2)
    for note in document["notes"]:
        canvas.blank()
        canvas.paragraph(faint(note))


def _shard(one: Json) -> list[Text]:
    word = OUTCOMES[one["outcome"]]
    found = [joined(symbol(word), f" {word.text}"), *_sealed(one)]
    found += [
        joined(
            faint("entry ") if b["index"] is not None else "", plain(_where(b)), plain(b["detail"])
        )
        for b in one["breaks"]
    ]
    if one["detail"] is not None:
        found.append(plain(one["detail"], word.style))
    size = "—" if one["size"] is None else f"{one['size']:,}".replace(",", " ")
    return [plain(one["number"]), stacked(plain(one["name"], "bold"), *found), plain(size)]


def _where(found: Json) -> str:
    return "" if found["index"] is None else f"{found['index']} ({found['kind']}): "


def _sealed(one: Json) -> Iterator[Text]:
    sealed = one["sealed"]
    if sealed is None:
        yield faint("not sealed by the fleet yet")
        return
    head = f"the head of {counted(sealed['size'], 'entry', 'entries')} that the fleet sealed"
    if sealed["extends"]:
        before = one["heads"] - 1
        older = f", and {counted(before, 'older one')}" if before else ""
        yield faint(f"extends {head}{older}")
    elif sealed["extends"] is None:
        yield faint(f"cannot be held against {head}")
    else:
        yield plain(f"does not extend {head}", "bold red")


def _own(own: Json) -> list[Text]:
    word = OUTCOMES[own["outcome"]]
    signed = own["checkpoints"]["signed"]
    kept = own["against"]
    against = None
    if kept is not None:
        extends = "extends" if kept["extends"] else "does not extend"
        against = plain(f"{extends} the checkpoint of {kept['size']} entries that was kept")
    return [
        joined(symbol(word), f" {word.text}"),
        stacked(
            plain(f"{counted(own['checkpoints']['checked'], 'checkpoint')}, {signed} signed"),
            against,
            *(plain(found["detail"], "bold red") for found in own["breaks"]),
            *(faint(note) for note in own["notes"]),
        ),
        plain(own["size"]),
    ]


def paint_checkpoint(canvas: Canvas, document: Json) -> None:
    """Paint what `fleet checkpoint` has made."""
    columns = column("shard"), column("name", fold=True), column("entries sealed")
    lost = {one["name"]: one["trouble"] for one in document["fleet"]["lost"]}
    rows = [
        [
            plain(number),
            stacked(
                plain(one["shard"]),
                plain(f"{lost[one['shard']]}: as it was", "bold red")
                if one["shard"] in lost
                else None,
            ),
            plain(f"{one['size']:,}".replace(",", " ")),
        ]
        for number, one in enumerate(document["heads"], start=1)
    ]
    canvas.rows(rendered(rows, sheet(*columns)))
    canvas.blank()
    checkpoint.paint(canvas, document)


def paint_shards(canvas: Canvas, document: Json) -> None:
    """Paint which shards the numbers of entries speak of, and which of them are lost."""
    roll = document["fleet"]["shards"]
    canvas.title("Shards", aside="2#17 is entry 17 of shard 2")
    rows = [
        [
            faint(one["number"]),
            joined(one["name"], plain("  lost", "bold red") if one["lost"] else ""),
        ]
        for one in roll
    ]
    canvas.rows(rendered(rows, grid(column(), column(fold=True))), 2)
