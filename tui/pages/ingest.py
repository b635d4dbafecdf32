"""The page of `ingest`: the counts of every source, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from tui.paint import Canvas, column, faint, grid, joined, plain, rendered, stacked
from tui.words import counted, objects_seen

Json = Mapping[str, Any]

MOST: Final = 20
"""Sources that are listed one by one; beyond that only those with something to tell."""

_COUNTS: Final = (
    ("appended", "sealed"),
    ("duplicates", "sealed already"),
    ("conflicts", "in conflict with what is sealed (sealed too)"),
    ("skipped", "of other services, left out"),
    ("rejected", "rejected, kept verbatim: see keyledger rejects"),
)


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the contract's `ingest` document."""
    sources, totals, ledger = document["sources"], document["totals"], document["ledger"]
    told = sources if len(sources) <= MOST else [one for one in sources if _is_notable(one)]
    if len(told) > MOST:
        canvas.remarks.append(
            f"{len(told) - MOST} more sources with something to tell: --format jsonl"
        )
    if told:
        canvas.rows(rendered(_sources(told[:MOST]), grid(column(), column(fold=True))))
        canvas.blank()
    read = f"{counted(totals['records'], 'record')} in {counted(totals['sources'], 'source')}"
    canvas.put(plain(read, "bold"))
    canvas.rows(rendered(_totals(totals), grid(column(), column(fold=True))), 2)
    if document["objects"] is not None:
        seen = [
            plain(f"{document['objects']['found']:>9}"),
            plain(objects_seen(document["objects"])),
        ]
        canvas.rows(rendered([seen], grid(column(), column(fold=True))), 2)
    if document.get("digests") is not None:
        canvas.rows(rendered(_vouching(document["digests"]), grid(column(), column(fold=True))), 2)
    canvas.put(
        joined(
            plain(ledger["path"], "bold"),
            f" now holds {counted(ledger['size'], 'entry', 'entries')}",
            faint(f"  root {ledger['root'][:16]}…"),
        )
    )


def _is_notable(one: Json) -> bool:
    return bool(one["error"] or one["rejected"] or one["conflicts"])


def _sources(sources: Sequence[Json]) -> Iterator[list[Text]]:
    for one in sources:
        mark = Text("✖", style="bold red") if one["error"] else Text("●", style="green")
        error = plain(one["error"], "red") if one["error"] else None
        summary = faint(_summary(one)) if one["records"] or not one["error"] else None
        yield [mark, stacked(plain(one["source"]), error, summary)]


def _summary(one: Json) -> str:
    parts = [f"{one[name]} {name}" for name, _ in _COUNTS if one[name]]
    return f"{counted(one['records'], 'record')}: {', '.join(parts)}" if parts else "no records"


def _totals(totals: Json) -> Iterator[list[Text]]:
    for name, words in _COUNTS:
        if totals[name] or name == "appended":
            yield [plain(f"{totals[name]:>9}"), plain(words)]


def _vouching(digests: Json) -> Iterator[list[Text]]:
    """Say what CloudTrail's digest files say of everything that is sealed by now."""
    logs, signatures = digests["log_files"], digests["signatures"]
    signed = f"{signatures['valid']} valid" if digests["public_keys"] else "not checked"
    told = f"{logs['held']} of {logs['named']} log files are as they say; signatures: {signed}"
    yield [plain(f"{digests['files']:>9}"), plain(f"digest files of CloudTrail: {told}")]
    for one in digests["contradictions"]:
        yield [plain(f"{'✖':>9}", "bold red"), plain(f"{one['name']}: {one['detail']}", "red")]
    gaps = sum(digests["gaps"].values())
    if gaps:
        yield [plain(f"{'▲':>9}", "yellow"), plain(f"{counted(gaps, 'gap')}: see keyledger gaps")]
