"""Ticket: a case as Markdown; what a log says is no markup in it, and no link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from analyzer.place import spelled
from tui import people
from tui.harmless import harmless, harmless_markdown
from tui.report.context import Page, Step, clock, condition, coverage, gloss, holds, stretch

Json = Mapping[str, Any]


def markdown(page: Page) -> str:
    """Return the case as Markdown."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    verdict = page.document["explain"]
    yield f"# {_plain(page.title)}"
    yield ""
    yield _plain(page.summary)
    yield ""
    for fact in page.facts:
        aside = f" ({_plain(fact.aside)})" if fact.aside else ""
        yield f"- **{fact.name}**: {_plain(fact.text)}{aside}"
    yield from _calls(page, {one["entry"] for one in verdict["decisive"]})
    yield from _steps("What to do, in this order", page.now)
    yield from _steps("What would have saved it", page.then if not page.now else ())
    yield from _copies(verdict["copies"])
    yield from _findings(page.document["findings"])
    yield from _gaps(page.document["gaps"])
    yield from _listed("How far this reaches", verdict["notes"])
    yield from _verify(page)
    yield ""
    yield f"_{_plain(page.made)}_"


def _calls(page: Page, decisive: set[int]) -> Iterator[str]:
    if not page.calls:
        return
    rows = [
        (
            f"{number}{' ◆' if call['entry'] in decisive else ''}",
            clock(call["event_time"]),
            gloss(call) + (f" failed: {call['error']}" if call["error"] else ""),
            people.actor(call),
            call["source_ip"] or "—",
            f"entry {spelled(call['entry'])}",
        )
        for number, call in enumerate(page.calls, start=1)
    ]
    yield from _heading("The calls that led there")
    yield from _table(("no.", "when", "call or event", "who", "from", "entry"), rows)
    if decisive:
        yield ""
        yield "◆ Without this one event the data would not have been lost."


def _steps(title: str, steps: Sequence[Step]) -> Iterator[str]:
    if not steps:
        return
    yield from _heading(title)
    for number, step in enumerate(steps, start=1):
        aside = f" ({_plain(step.aside)})" if step.aside else ""
        yield f"{number}. {_plain(step.do)}{aside}"
        yield ""
        yield "   ```sh"
        yield from (f"   {harmless(line)}" for line in step.command.split("\n"))
        yield "   ```"


def _copies(copies: Sequence[Json]) -> Iterator[str]:
    if not copies:
        return
    yield from _heading("Copies of the data, and their keys")
    rows = [
        (
            condition(copy), f"{copy['kind']} {copy['id']}", clock(copy["since"]) or "—",
            holds(copy), copy["key"] or "none, or not on record",
        )
        for copy in copies
    ]  # fmt: skip
    yield from _table(("condition", "copy", "since", "holds data up to", "under key"), rows)


def _findings(findings: Sequence[Json]) -> Iterator[str]:
    if not findings:
        return
    yield from _heading("Findings")
    rows = [
        (one["severity"], f"{one['title']}: {one['detail']}", clock(one["since"]) or "—",
         clock(one["until"]) or "open")
        for one in findings
    ]  # fmt: skip
    yield from _table(("severity", "finding", "since", "until"), rows)


def _gaps(holes: Json) -> Iterator[str]:
    rows = [
        *(
            (one["kind"], one["detail"], stretch(one), "contradicts a digest file of CloudTrail")
            for one in holes["contradictions"]
        ),
        *(
            (one["kind"], one["detail"], stretch(one), "yes" if one["bears_on_it"] else "no")
            for one in holes["gaps"]
        ),
    ]
    if not rows and not holes["notes"]:
        return
    yield from _heading("Where the evidence has holes")
    if rows:
        yield from _table(("what", "detail", "when", "bears on this verdict"), rows)
        yield ""
    yield from (f"- {_plain(note)}" for note in holes["notes"])


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from _heading(title)
        yield from (f"- {_plain(line)}" for line in lines)


def _verify(page: Page) -> Iterator[str]:
    yield from _heading("How to verify")
    ledger = page.ledger
    path = _plain(str(ledger["path"]))
    what = "Fleet" if ledger["is_fleet"] else "Ledger"
    yield f"{what} {path}, {ledger['size']} entries, {ledger['outcome']},"
    yield f"root `{ledger['root']}`." if ledger["root"] else "never sealed as a fleet."
    if (checkpoint := ledger["checkpoint"]) is not None:
        covered = coverage(checkpoint, ledger)
        yield f"Its newest checkpoint, to be saved as checkpoint.txt: {covered}."
        yield ""
        yield "```"
        yield from (harmless(line) for line in checkpoint["note"].rstrip("\n").split("\n"))
        yield "```"
    yield ""
    yield "```sh"
    yield from (harmless(command) for command in page.commands)
    yield "```"


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    for row in rows:
        yield f"| {' | '.join(_plain(cell) for cell in row)} |"


def _plain(text: str) -> str:
    return harmless_markdown(text)
