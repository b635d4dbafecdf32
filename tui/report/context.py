"""Context: what the page and the ticket say of a case, in words, before anybody lays it out."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.place import spelled
from tui import people, remedies
from tui.paint import parsed
from tui.report.chart import Chart, chart
from tui.words import BASES, CONDITIONS, EVENTS, MEANINGS, VERDICTS, counted, doubted, duration

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line under the verdict: a name, what it is, and what qualifies it."""

    name: str
    text: str
    aside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, or that could have been done: the call, its limit, its command."""

    do: str
    aside: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything that the page says.

    Attributes:
        document: the `report` document.
        ledger: path, size, root and link of the ledger, the outcome of its audit, and the newest
            checkpoint; of a fleet those of its own ledger, but for the size.
        calls: the events that are numbered, in time order.
        made: when the report was made, and by which version.
    """

    document: Json
    ledger: Json
    calls: Sequence[Json]
    chart: Chart
    title: str
    verdict: str
    style: str
    summary: str
    facts: tuple[Fact, ...]
    now: tuple[Step, ...]
    then: tuple[Step, ...]
    commands: tuple[str, ...]
    made: str


def page_of(document: Json, ledger: Json, made: str) -> Page:
    """Put a case into words.

    Args:
        document: the `report` document.
        ledger: `{"path", "is_fleet", "size", "root", "link", "outcome", "checkpoint",
            "known_at"}`; the last is what to type to know no more than the report does.
        made: when and by what.
    """
    verdict = document["explain"]
    calls = _calls(document)
    then = document["then"]
    return Page(
        document=document,
        ledger=ledger,
        calls=calls,
        chart=chart(document, calls),
        title=f"{verdict['name']} is {VERDICTS[verdict['verdict']].text}",
        verdict=VERDICTS[verdict["verdict"]].text,
        style=str(verdict["verdict"]),
        summary=_summary(verdict),
        facts=tuple(_facts(verdict)),
        now=tuple(_steps(verdict)),
        then=tuple(_steps(then)) if then is not None else (),
        commands=_commands(verdict, ledger),
        made=made,
    )


def gloss(event: Json) -> str:
    """Return an event's name, and what it means where that is a number."""
    said = EVENTS.get(event["event_name"])
    return f"{event['event_name']} ({said})" if said else str(event["event_name"])


def stretch(gap: Json) -> str:
    """Return from when until when nobody wrote down what happened."""
    start = clock(gap["from"]) or "the beginning"
    return start if gap["to"] == gap["from"] else f"{start} to {clock(gap['to']) or 'the end'}"


def coverage(checkpoint: Json, ledger: Json) -> str:
    """Return what a checkpoint covers, and who signed it."""
    signers = ", ".join(checkpoint["signed_by"])
    if ledger["is_fleet"]:
        sealed = counted(checkpoint["size"], "entry", "entries")
        return f"it covers {sealed} of the fleet's own ledger, which seals the shards; " + (
            f"signed by {signers}" if signers else "nobody signed it"
        )
    later = int(ledger["size"]) - int(checkpoint["size"])
    rest = f"; {counted(later, 'entry', 'entries')} came later" if later else ""
    return f"it covers the first {counted(checkpoint['size'], 'entry', 'entries')}{rest}; " + (
        f"signed by {signers}" if signers else "nobody signed it"
    )


def holds(copy: Json) -> str:
    """Return up to when a copy holds data."""
    is_live = copy["kind"] == "volume" and copy["condition"] in {"usable", "latent"}
    return clock(copy["restorable_to"]) or ("the present" if is_live else "—")


def clock(spelled: str | None) -> str:
    """Return a time with a blank between day and hour; empty for null."""
    return "" if spelled is None else spelled.replace("T", " ")


def condition(copy: Json) -> str:
    """Return a copy's condition with its symbol, which stays on paper without colour."""
    word = CONDITIONS[copy["condition"]]
    return f"{word.symbol} {word.text}"


def _calls(document: Json) -> list[Json]:
    """Return the chain, what was decisive and the failed attempts, each once, in time order."""
    verdict = document["explain"]
    listed = [*verdict["chain"], *verdict["decisive"], *_late(document)]
    found = {one["entry"]: one for one in listed}
    return sorted(found.values(), key=lambda one: (one["event_time"], one["entry"]))


def _late(document: Json) -> list[Json]:
    """Return the failed attempts since the key was lost: somebody tried to save it, or went on."""
    place = document["explain"]["in_place"]
    since = place["access_lost_at"] if place is not None else None
    return [one for one in document["attempts"] if since and one["event_time"] >= since]


def _summary(verdict: Json) -> str:
    meaning = MEANINGS[verdict["verdict"]]
    text = f"{meaning[0].upper()}{meaning[1:]}."
    if verdict["doubt"] and verdict["verdict"] == "unknown":
        text = doubted(verdict["doubt"])
    until, lost = verdict["recoverable_until"], verdict["unrecoverable"]
    if lost is not None:
        last = clock(until or lost["since"])
        return f"{text} The last documented moment to save it was {last}."
    if until is None:
        return text
    left = duration((parsed(until) - parsed(verdict["at"])).total_seconds())
    return (
        f"{text} It can be saved until {clock(until)}: {left} were left at {clock(verdict['at'])}."
    )


def _facts(verdict: Json) -> list[Fact]:
    lost, root, place = verdict["unrecoverable"], verdict["root_cause"], verdict["in_place"]
    facts: list[Fact] = []
    if lost is not None:
        facts.append(Fact(name="Lost at", text=clock(lost["since"]), aside=_bounds(lost)))
    seen = verdict["doubt"] and verdict["doubt"]["unrecoverable"]
    if seen is not None:
        aside = f"{_bounds(seen)}; as far as is seen"
        facts.append(Fact(name="Lost at", text=clock(seen["since"]), aside=aside))
    if place is not None and place["access_lost_at"]:
        facts.append(Fact(name="Key unusable since", text=clock(place["access_lost_at"])))
    if root is not None:
        origin = f", from {root['source_ip']}" if root["source_ip"] else ""
        where = f"{clock(root['event_time'])}{origin}, entry {spelled(root['entry'])}"
        call = f"{root['event_name']} at {where}"
        facts.append(Fact(name="By", text=people.actor(root), aside=call))
    if verdict["data_loss_seconds"] is not None:
        loss = duration(verdict["data_loss_seconds"])
        about = "" if verdict["data_loss_basis"] == "derived" else "about "
        facts.append(Fact(name="Data lost", text=f"{about}the last {loss} before the loss"))
    if place is not None:
        since = f"since {clock(place['since'])}, " if place["since"] else ""
        aside = f"{since}{BASES[place['basis']]}"
        facts.append(Fact(name="Status", text=place["status"], aside=aside))
        if place["access_lost_at"]:
            rules = verdict["rules"]
            facts.append(Fact(name="Rules", text=rules["name"], aside=rules["source"]))
    kind = " ".join(filter(None, [verdict["kind"], verdict["resource_id"]]))
    facts.append(Fact(name="Database", text=verdict["database"], aside=kind))
    facts.append(Fact(name="Key", text=verdict["key"] or "none on record"))
    known = f"knowing {counted(verdict['known_at'], 'entry', 'entries')}"
    facts.append(Fact(name="Judged at", text=clock(verdict["at"]), aside=known))
    return facts


def _bounds(known: Json) -> str:
    aside = BASES[known["basis"]]
    if known["latest"] and known["latest"] != known["since"]:
        return f"{aside}; at the latest {clock(known['latest'])}"
    return aside


def _steps(verdict: Json) -> list[Step]:
    steps = []
    for action in verdict["actions"]:
        asides = [f"before {clock(action['before'])}"] if action["before"] else []
        hint = remedies.HINTS.get(action["do"])
        line = "\n".join(remedies.broken(remedies.command(action, verdict), 84))
        aside = "; ".join([*asides, *([hint] if hint else [])])
        steps.append(Step(do=action["do"], aside=aside, command=line))
    return steps


def _commands(verdict: Json, ledger: Json) -> tuple[str, ...]:
    """Return what a stranger types to find the same again."""
    path = shlex.quote(str(ledger["path"]))
    database = shlex.quote(str(verdict["resource_id"] or verdict["database"]))
    at = f"--at {verdict['at']} --known-at {shlex.quote(ledger['known_at'])}"
    kept = " --against checkpoint.txt" if ledger["checkpoint"] is not None else ""
    if ledger["is_fleet"]:
        return (
            f"keyledger fleet audit {path}{kept}",
            f"keyledger fleet explain {path} {database} {at}",
            f"keyledger fleet timeline {path} {database} {at}",
        )
    return (
        f"keyledger audit --ledger {path}{kept}",
        f"keyledger explain {database} {at} --ledger {path}",
        f"keyledger timeline {database} {at} --ledger {path}",
        f"python -m ledger audit {path}",
    )
