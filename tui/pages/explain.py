"""The page of `explain`: the verdict first, then why, what is left, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.text import Text

from tui import people, remedies
from tui.pages import copies, forecast
from tui.paint import (
    Canvas,
    column,
    faint,
    grid,
    joined,
    parsed,
    plain,
    rendered,
    sheet,
    stacked,
    symbol,
)
from tui.words import BASES, EVENTS, VERDICTS, counted, doubted, duration, numbered

Json = Mapping[str, Any]

TERMINAL: Final = "inaccessible-encryption-credentials"
LABEL: Final = 11
"""Columns that the labels of the facts take."""


def paint(canvas: Canvas, document: Json) -> None:
    """Paint the contract's `explain` document."""
    word = VERDICTS[document["verdict"]]
    canvas.put(
        joined(
            symbol(word), " ", plain(document["name"], "bold"), " is ",
            Text(word.text.upper(), style=word.style),
        )
    )  # fmt: skip
    canvas.paragraph(_sentence(canvas, document))
    canvas.blank()
    canvas.rows(rendered(_facts(canvas, document), grid(column(), column(fold=True))))
    _paint_story(canvas, document)
    _paint_copies(canvas, document)
    _paint_actions(canvas, document)
    forecast.paint(canvas, document["forecast"], document["database"])
    if document["notes"]:
        canvas.title("Notes")
        for note in document["notes"]:
            canvas.rows(rendered([[Text("·"), plain(note)]], grid(column(), column(fold=True))), 2)


def _sentence(canvas: Canvas, document: Json) -> Text:
    """Say what the verdict means here, in one breath."""
    lost = document["in_place"]["access_lost_at"] if document["in_place"] else None
    since = f" since {canvas.clock(lost)}" if lost else ""
    if document["doubt"] and document["verdict"] == "unknown":
        return plain(doubted(document["doubt"]) + _limit(canvas, document))
    match document["verdict"]:
        case "unrecoverable":
            text = "Every copy of its data is dead or gone: nothing brings it back."
        case "at-risk":
            text = f"It can still be reached, but its key cannot be used{since}."
        case "recoverable":
            text = "It cannot be reached, but a copy of its data can be restored as it is."
        case "recoverable-with-action":
            text = "It cannot be reached and no copy is usable now, but a key can still be saved."
        case "healthy":
            text = "It can be reached and its key can be used."
        case _:
            text = "This ledger does not tell enough to judge it; the notes say what is missing."
    return plain(text + _limit(canvas, document))


def _limit(canvas: Canvas, document: Json) -> str:
    """Say until when it can, or could, be saved."""
    until, lost = document["recoverable_until"], document["unrecoverable"]
    if lost is not None:
        last = canvas.clock(until or lost["since"])
        return f" The last documented moment to save it was {last}."
    if until is None:
        return ""
    return f" It can be saved until {canvas.clock(until)}: {_left(document['at'], until)} left."


def _facts(canvas: Canvas, document: Json) -> Iterator[list[Text]]:
    lost, root, place = document["unrecoverable"], document["root_cause"], document["in_place"]
    seen = document["doubt"] and document["doubt"]["unrecoverable"]
    if lost is not None:
        yield [faint("lost at"), _known(canvas, lost)]
    elif seen is not None:
        yield [faint("lost at"), joined(_known(canvas, seen), faint("; as far as is seen"))]
    elif place is not None and place["access_lost_at"]:
        yield [faint("key lost"), plain(canvas.clock(place["access_lost_at"]), "bold")]
    if root is not None:
        yield [faint("by"), _accountable(canvas, root)]
    if document["data_loss_seconds"] is not None:
        yield [faint("data lost"), plain(_loss(document))]
    if place is not None:
        yield [faint("status"), _status(canvas, place)]
    resource = f"{document['kind']} {document['resource_id'] or ''}".rstrip()
    yield [faint("database"), _address(canvas, document["database"], resource)]
    if document["key"] is not None:
        yield [faint("key"), _address(canvas, document["key"], None)]
    whose = "fleet" if document.get("fleet") else "ledger"
    known = f"knowing {counted(document['known_at'], 'entry', 'entries')} of the {whose}"
    if place is not None and place["access_lost_at"]:
        rules = document["rules"]
        yield [faint("rules"), joined(rules["name"], faint(f"  {rules['source']}"))]
    yield [faint("judged at"), joined(canvas.clock(document["at"]), faint(f"  {known}"))]


def _known(canvas: Canvas, known: Json) -> Text:
    """Return a moment, how well it is known, and its other bound."""
    aside = BASES[known["basis"]]
    if known["latest"] and known["latest"] != known["since"]:
        aside += f"; at the latest {canvas.clock(known['latest'])}"
    return joined(plain(canvas.clock(known["since"]), "bold"), faint(f"  {aside}"))


def _accountable(canvas: Canvas, root: Json) -> Text:
    origin = f" from {root['source_ip']}" if root["source_ip"] else ""
    call = joined(
        plain(root["event_name"], "bold"),
        f" at {canvas.clock(root['event_time'])}{origin}",
        faint(f"  {numbered(root['entry'])}"),
    )
    session = faint(f"as {root['session']}") if root["session"] else None
    return stacked(plain(root["actor"] or "nobody on record", "bold"), session, call)


def _loss(document: Json) -> str:
    seconds, is_dated = document["data_loss_seconds"], document["data_loss_basis"] == "derived"
    if not seconds:
        return "none" if is_dated else "none, or the last moments before the loss"
    return f"{'' if is_dated else 'about '}the last {duration(seconds)} before the loss"


def _status(canvas: Canvas, place: Json) -> Text:
    aside = BASES[place["basis"]]
    if place["since"]:
        aside = f"since {canvas.clock(place['since'])}, {aside}"
    clock = None
    if place["terminal_at"] and place["status"] not in {TERMINAL, "deleted"}:
        clock = faint(f"terminal from {canvas.clock(place['terminal_at'])} on if nobody acts")
    return stacked(plain(place["status"]), faint(aside), clock)


def _address(canvas: Canvas, arn: str, aside: str | None) -> Text:
    """Return an ARN, or where that would break in the middle, its name and its place."""
    if canvas.width >= len(arn) + LABEL:
        return stacked(plain(arn), faint(aside) if aside else None)
    return stacked(
        plain(people.name(arn)), faint(" ".join(filter(None, [aside, *people.place(arn)])))
    )


def _paint_story(canvas: Canvas, document: Json) -> None:
    decisive = {cited["entry"] for cited in document["decisive"]}
    cited = {one["entry"]: one for one in (*document["chain"], *document["decisive"])}
    if not cited:
        return
    canvas.title("How it came about")
    rows = [
        [
            Text("◆", style="bold red") if one["entry"] in decisive else Text(" "),
            canvas.when(one["event_time"]),
            _event(one, "bold" if one["entry"] in decisive else ""),
            plain(people.actor(one)),
            faint(numbered(one["entry"])),
        ]
        for one in sorted(cited.values(), key=lambda one: (one["event_time"], one["entry"]))
    ]
    columns = column(), column("when"), column("event"), column("who", fold=True), column("entry")
    canvas.rows(rendered(rows, sheet(*columns)), 2)
    if decisive:
        canvas.paragraph(
            faint("◆ without this one event the data would not have been lost"), indent=2
        )


def _event(cited: Json, style: str) -> Text:
    name = cited["event_name"]
    gloss = EVENTS.get(name)
    return stacked(plain(name, style), faint(gloss) if gloss else None)


def _paint_copies(canvas: Canvas, document: Json) -> None:
    if document["copies"]:
        canvas.title("Copies of the data")
        canvas.rows(copies.table(canvas, document["copies"], document["key"]), 2)


def _paint_actions(canvas: Canvas, document: Json) -> None:
    if not document["actions"]:
        return
    canvas.title("What to do, in this order")
    begins = False
    for number, action in enumerate(document["actions"], start=1):
        if begins:
            canvas.paragraph(faint("beside that, or where it fails:"), indent=2)
        before = action["before"]
        limit = ""
        if before:
            limit = f" before {canvas.clock(before)}, {_left(document['at'], before)} left"
        hint = remedies.HINTS.get(action["do"])
        aside = f"{limit}; {hint}" if hint else limit
        canvas.paragraph(plain(f"{number}. {action['do']}"), faint(aside), indent=2)
        line = remedies.command(action, document)
        canvas.verbatim(remedies.broken(line, canvas.width - 6), indent=5)
        begins = action["then"] is None


def _left(at: str, until: str) -> str:
    return duration((parsed(until) - parsed(at)).total_seconds())
