"""The page of `gaps`: what is contradicted first, then what is missing, then what was checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from rich.text import Text

from tui import people
from tui.paint import Canvas, column, faint, grid, joined, plain, rendered, sheet, stacked
from tui.words import GAPS, counted, numbered

Json = Mapping[str, Any]

MOST: Final = 12
"""Findings of one kind that a person is shown; the other formats have all of them."""


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the `gaps` document."""
    canvas.put(_headline(document))
    if document["digests"] is not None:
        canvas.rows(rendered(_facts(document["digests"]), grid(column(), column(fold=True))))
    _paint_findings(canvas, "Contradicted", document["contradictions"], "bold red")
    _paint_findings(canvas, "Gaps", document["gaps"], "bold yellow")
    _paint_chains(canvas, document["chains"])
    _paint_silences(canvas, document["silences"])
    _paint_findings(canvas, "Remarks", document["remarks"], "")
    if document["notes"]:
        canvas.title("Notes")
        for note in document["notes"]:
            canvas.rows(rendered([[Text("·"), plain(note)]], grid(column(), column(fold=True))), 2)


def _headline(document: Json) -> Text:
    wrong, gaps = len(document["contradictions"]), len(document["gaps"])
    if wrong:
        said = f"{counted(wrong, 'contradiction')}: something here is not what CloudTrail delivered"
        return joined(plain("✖ ", "bold red"), plain(said, "bold red"))
    if gaps:
        return joined(plain("▲ ", "bold yellow"), plain(counted(gaps, "gap"), "bold"))
    if document["outcome"] == "intact":
        return joined(plain("● ", "green"), plain("no gaps: digest files vouch for everything"))
    return joined(plain("● ", "green"), plain("no gaps known", "bold"))


def _facts(digests: Json) -> Iterator[list[Text]]:
    signatures = digests["signatures"]
    told = [f"{count} {name}" for name, count in signatures.items() if count]
    yield [faint("digest files"), plain(digests["files"])]
    yield [faint("signatures"), plain(", ".join(told) or "none")]
    logs = digests["log_files"]
    others = [f"{logs[name]} {name}" for name in ("altered", "absent", "unnamed") if logs[name]]
    yield [
        faint("log files"),
        plain(", ".join([f"{logs['named']} named, {logs['held']} here as delivered", *others])),
    ]


def _paint_findings(canvas: Canvas, title: str, findings: Sequence[Json], style: str) -> None:
    if not findings:
        return
    canvas.title(title, aside=str(len(findings)))
    for kind, group in groupby(sorted(findings, key=lambda one: order(one["kind"])), _kind):
        held = list(group)
        count = f"  {len(held)}" if len(held) > 1 else ""
        canvas.put(joined("  ", plain(GAPS[kind], style), faint(count)))
        for one in held[:MOST]:
            if one["name"]:
                canvas.verbatim([_last(one["name"])], indent=4)
            canvas.rows(rendered([_cells(canvas, one)], grid(column(), column(fold=True))), 6)
        if len(held) > MOST:
            canvas.remarks.append(
                f"{len(held) - MOST} more findings of {kind} are not shown; --format jsonl has all"
            )


def order(kind: str) -> int:
    """Return the place of a kind of finding among the others."""
    return list(GAPS).index(kind)


def _kind(one: Json) -> str:
    return str(one["kind"])


def _cells(canvas: Canvas, one: Json) -> list[Text]:
    source = None
    if one["source"] and _last(one["source"]) not in (one["name"] or ""):
        source = faint(one["source"])
    touched = None
    if one["databases"]:
        names = ", ".join(people.name(arn) for arn in one["databases"])
        touched = plain(f"bears on the verdict on {names}", "yellow")
    place = " ".join(filter(None, [one["account"], one["region"], one["trail"]]))
    covered = faint("other digest files vouch for this time") if one["covered"] else None
    return [
        _when(canvas, one),
        stacked(plain(one["detail"]), faint(place) if place else None, source, covered, touched),
    ]


def _last(path: str) -> str:
    """Return the last part of a key or path; that is what tells files apart."""
    return path.rpartition("/")[2]


def _when(canvas: Canvas, one: Json) -> Text:
    if one["from"] is None and one["to"] is None:
        return plain(numbered(one["entry"]) if one["entry"] is not None else "")
    start = canvas.when(one["from"], "…")
    if one["from"] == one["to"]:
        return start
    return stacked(start, canvas.when(one["to"], "still"))


def _paint_chains(canvas: Canvas, chains: Sequence[Json]) -> None:
    if not chains:
        return
    canvas.title("Chains of digest files")
    columns = column("from and to"), column("trail", fold=True), column("digests"), column("logs")
    canvas.rows(rendered((_chain(canvas, one) for one in chains), sheet(*columns)), 2)


def _chain(canvas: Canvas, one: Json) -> list[Text]:
    aside = " backfill" if one["backfill"] else ""
    signatures = one["signatures"]
    told = [faint(f"{count} {name}") for name, count in signatures.items() if count]
    return [
        stacked(canvas.when(one["from"]), canvas.when(one["to"])),
        stacked(
            plain(f"{one['trail'] or '—'}{aside}", "bold"),
            faint(f"{one['account']} {one['region'] or ''}".rstrip()),
        ),
        stacked(plain(one["files"]), *told),
        stacked(plain(f"{one['log_files']} named"), faint(f"{one['held']} here")),
    ]


def _paint_silences(canvas: Canvas, silences: Sequence[Json]) -> None:
    if not silences:
        return
    canvas.title("Silence", aside="digest files say that nothing was delivered")
    rows = [
        [
            joined(canvas.when(one["from"]), " to ", canvas.when(one["to"])),
            plain(counted(one["files"], "digest")),
            faint("signed" if one["signed"] else "signature not checked"),
        ]
        for one in silences[:MOST]
    ]
    canvas.rows(rendered(rows, grid(column(), column(), column(fold=True))), 2)
    if len(silences) > MOST:
        canvas.remarks.append(
            f"{len(silences) - MOST} more silences are not shown; --format jsonl has all"
        )
