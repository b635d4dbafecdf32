"""The page of `demo`: a lost database, told so that a newcomer sees what the product is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from tui import people, remedies
from tui.paint import (
    Canvas,
    column,
    faint,
    grid,
    joined,
    parsed,
    plain,
    rendered,
    spoken,
    stacked,
    symbol,
)
from tui.words import CONDITIONS, EVENTS, MEANINGS, OUTCOMES, VERDICTS, counted, duration

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the demo found out, and by which commands.

    Attributes:
        commands: what was run, as the reader can type it: ingest, audit, explain.
        further: what the reader may try next.
        ingest: the document of `ingest`.
        audit: the document of `audit`.
        explain: the document of `explain` at the end of the story.
        timeline: the document of `timeline` for the same database.
        chance: the document of `explain` when someone first tried in vain to save it; None where
            nobody did.
    """

    commands: Sequence[str]
    further: Sequence[str]
    ingest: Json
    audit: Json
    explain: Json
    timeline: Json
    chance: Json | None


def paint(canvas: Canvas, story: Story) -> None:
    """Paint the story: the commands with what they found, what happened, what is left."""
    ingest, audit, explain = story.commands
    canvas.paragraph(
        plain(story.explain["name"], "bold"),
        " is a database whose storage, backups and snapshots are encrypted under a KMS key. "
        "Without the key they are noise. This is how it was lost, as its CloudTrail logs tell it.",
    )
    canvas.blank()
    canvas.verbatim([f"$ {ingest}"], indent=0)
    canvas.paragraph(_read(story.ingest), indent=2)
    canvas.verbatim([f"$ {audit}"], indent=0)
    canvas.paragraph(_checked(story.audit), indent=2)
    canvas.verbatim([f"$ {explain}"], indent=0)
    canvas.paragraph(*_headline(canvas, story.explain), indent=2)
    canvas.title("What happened")
    rows = sorted(_moments(canvas, story), key=lambda moment: moment[0])
    table = grid(column(), column(), column(fold=True))
    canvas.rows(rendered([cells for _, cells in rows], table), 2)
    _paint_chance(canvas, story)
    lost = story.explain["unrecoverable"] is not None
    canvas.title("What is left", aside="nothing that can be restored" if lost else "")
    canvas.rows(rendered(_left(story.explain), grid(column(), column(), column(fold=True))), 2)
    canvas.title("Try it")
    canvas.verbatim(story.further)


def _read(document: Json) -> Text:
    totals = document["totals"]
    return plain(
        f"{counted(totals['records'], 'record')} in {counted(totals['sources'], 'file')}: "
        f"{totals['appended']} sealed, {totals['duplicates']} delivered twice, "
        f"{totals['skipped']} about other services left out"
    )


def _checked(document: Json) -> Text:
    word = OUTCOMES[document["outcome"]]
    size = counted(document["size"], "entry", "entries")
    return joined(
        symbol(word), " the ledger is ", spoken(word),
        f": every hash of {size} recomputed; root {(document['root'] or '')[:16]}…",
    )  # fmt: skip


def _headline(canvas: Canvas, document: Json) -> list[Text]:
    word, lost, root = (
        VERDICTS[document["verdict"]],
        document["unrecoverable"],
        document["root_cause"],
    )
    parts = [
        symbol(word), plain(" "), plain(document["name"], "bold"), plain(" is "),
        Text(word.text.upper(), style=word.style),
    ]  # fmt: skip
    if lost is not None:
        parts += [plain(" since "), plain(canvas.clock(lost["since"]), "bold")]
    if root is not None:
        parts += [
            plain(", because of "), plain(people.actor(root), "bold"), plain(": "),
            plain(root["event_name"], "bold"), plain(f" from {root['source_ip']}"),
        ]  # fmt: skip
    return parts


def _moments(canvas: Canvas, story: Story) -> Iterator[tuple[str, list[Text]]]:
    """Yield (time, cells): changes of the verdict, decisive calls, attempts in vain."""
    document, spans = story.explain, story.timeline["spans"]
    decisive = {one["entry"]: one for one in document["decisive"]}
    causes = {one["event_time"]: one for one in document["chain"]}
    last = None
    for span in spans:
        if span["verdict"] != last:
            by = causes.get(span["from"]) or span["cause"]
            yield span["from"], _change(canvas, span, by)
            decisive.pop((by or {}).get("entry", -1), None)
        last = span["verdict"]
    for one in decisive.values():
        text = joined(plain(one["event_name"], "bold"), f" by {people.actor(one)}")
        note = faint("without this call a copy would have survived")
        yield (
            one["event_time"],
            [canvas.when(one["event_time"]), Text("◆", style="bold red"), stacked(text, note)],
        )
    yield from _failures(canvas, story)
    until = document["recoverable_until"]
    if document["unrecoverable"] is not None and until is not None:
        yield until, _last_moment(canvas, until, story.chance)


def _last_moment(canvas: Canvas, until: str, chance: Json | None) -> list[Text]:
    said = plain("the last moment at which it could have been saved", "bold yellow")
    missed = None
    if chance is not None and chance["actions"]:
        missed = faint(f"{chance['actions'][0]['do']} was never called in time")
    return [canvas.when(until), Text("◆", style="bold yellow"), stacked(said, missed)]


def _change(canvas: Canvas, span: Json, by: Json | None) -> list[Text]:
    word = VERDICTS[span["verdict"]]
    said = joined(spoken(word), faint(f": {MEANINGS[span['verdict']]}"))
    cause = (
        None
        if by is None
        else joined(plain(by["event_name"], "bold"), f" by {people.actor(by)}", _gloss(by))
    )
    return [canvas.when(span["from"]), symbol(word), stacked(said, cause)]


def _gloss(cited: Json) -> Text:
    gloss = EVENTS.get(cited["event_name"])
    return faint(f": {gloss}") if gloss else Text()


def failures(timeline: Json, since: str | None) -> list[Json]:
    """Return the failed calls after access to the key was lost."""
    return [
        one for one in timeline["events"] if one["error"] and since and one["event_time"] > since
    ]


def _failures(canvas: Canvas, story: Story) -> Iterator[tuple[str, list[Text]]]:
    lost = story.explain["unrecoverable"]
    failed = failures(story.timeline, story.explain["in_place"]["access_lost_at"])
    in_time = [one for one in failed if lost is None or one["event_time"] < lost["since"]]
    if not in_time:
        return
    names = ", ".join(dict.fromkeys(one["event_name"] for one in in_time))
    who = ", ".join(dict.fromkeys(people.actor(one) for one in in_time))
    text = f"{counted(len(in_time), 'attempt')} to bring it back, in vain: {names}"
    first = in_time[0]["event_time"]
    yield first, [canvas.when(first), Text("·"), stacked(plain(text), faint(f"by {who}"))]


def _paint_chance(canvas: Canvas, story: Story) -> None:
    """Show what would have helped when somebody tried."""
    chance = story.chance
    if chance is None or not chance["actions"]:
        return
    until = chance["recoverable_until"]
    left = f", with {_span(chance['at'], until)} left" if until else ""
    canvas.title("What would have saved it", aside=f"asked at {canvas.clock(chance['at'])}{left}")
    for action in chance["actions"]:
        canvas.verbatim(remedies.broken(remedies.command(action, chance), canvas.width - 4))
        if action["then"] is None:
            return


def _left(document: Json) -> Iterator[list[Text]]:
    for copy in document["copies"]:
        word = CONDITIONS[copy["condition"]]
        is_named = copy["kind"] not in {"volume", "automated-backup"}
        name = f"{copy['kind']} {people.name(copy['id'])}" if is_named else copy["kind"]
        why = _why(copy, document)
        yield [symbol(word), joined(spoken(word), " ", name), faint(why)]


def _why(copy: Json, document: Json) -> str:
    if copy["condition"] == "gone" and copy["kind"] == "volume":
        return "detached: seven days without a key are final"
    if copy["condition"] == "gone" and copy["cause"] is not None:
        return f"{copy['cause']['event_name']} by {people.actor(copy['cause'])}"
    same = copy["key"] == document["key"]
    return "encrypted under the same key" if same else "encrypted under another key"


def _span(start: str, end: str) -> str:
    return duration((parsed(end) - parsed(start)).total_seconds())
