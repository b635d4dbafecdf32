"""Why a database is as it is at the playhead: in sentences, with what could still be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from analyzer.case import Document, Mark
from tui import people, remedies
from tui.dashboard.clock import moment_of
from tui.dashboard.keys import cap
from tui.dashboard.line import BLANK, Line, Piece, line, said, wrapped
from tui.dashboard.panel import Page
from tui.dashboard.position import last_chance
from tui.dashboard.telling import deed
from tui.dashboard.tones import key_symbol, key_tone, verdict_symbol, verdict_word
from tui.dashboard.view import DashboardView
from tui.words import BASES, VERDICTS, doubted, duration, numbered

MEANINGS: Final = {
    "unrecoverable": "Every copy of its data is dead or gone: nothing brings it back.",
    "at-risk": "It can still be reached, but its key cannot be used: a clock runs.",
    "recoverable": "It cannot be reached, but a copy of its data can be restored as it is.",
    "recoverable-with-action": "It cannot be reached and no copy is usable now, "
    "but a key can still be saved.",
    "healthy": "It can be reached and its key can be used.",
    "unknown": "This ledger does not tell enough to judge it.",
}
"""What each verdict means, in one breath."""

CHAPTER: Final = "accent strong"


class Why(Page):
    """Why it is as it is: since when, by whose calls, until when it could be saved, and how."""

    TITLE: ClassVar[str] = "Why"
    KEY: ClassVar[str] = "w"

    def lines(self, view: DashboardView, columns: int) -> Sequence[Line]:
        """Return the story of what is selected."""
        told = _of_key(view) if view.outline is None else _of_database(view, view.outline, columns)
        return [part for one in told for part in (wrapped(one, columns, _indent(one)) or [BLANK])]


def _indent(one: Line) -> int:
    """Return how far the rest of a line is indented: under the text of an item, a command more."""
    if not one:
        return 0
    head = one[0].text
    if head.isspace():
        return 4
    return 2 if head[:1] in "·◆" or head[1:2] == "." else 0


def _of_database(view: DashboardView, document: Document, columns: int) -> Iterator[Line]:
    verdict = document["verdict"]
    word = verdict_word(verdict, strong=True)
    yield line(
        verdict_symbol(verdict), " ", said(document["name"], "strong"), " is ",
        Piece(word.text.upper(), word.tone),
    )  # fmt: skip
    doubt = document["doubt"]
    is_open = doubt is not None and verdict == "unknown"
    yield line(Piece(doubted(doubt) if is_open else MEANINGS[verdict]))
    lost = document["unrecoverable"]
    if lost is not None:
        yield line(
            Piece("Lost at "), Piece(view.clock.spelled(lost["since"]), "strong"),
            Piece(f", {BASES[lost['basis']]}.", "faint"),
        )  # fmt: skip
    yield from _limit(view, document)
    yield from _remedy(view, document, columns)
    yield from _accountable(view, document)
    yield from _story(view, document)
    yield from _next(view)
    yield from _notes(view)


def _limit(view: DashboardView, document: Document) -> Iterator[Line]:
    """Say until when it can be saved, or that there is a second to go back to."""
    until = document["recoverable_until"]
    if document["unrecoverable"] is None:
        if until is None:
            return
        left, limit = moment_of(until) - view.at, view.clock.spelled(until)
        if left > 0:
            spelled = Piece(f"{duration(left / 1e6)} left", "warn strong")
            yield line(spelled, Piece(" to save it: until "), Piece(limit, "strong"), Piece("."))
        else:
            yield line(Piece("It could be saved until "), Piece(limit, "strong"), Piece("."))
        return
    chance = None if view.track is None else last_chance(view.playback, view.track.id, view.at)
    if chance is not None:
        yield line(
            Piece("The last second to save it was "), Piece(view.clock.full(chance), "strong"),
            Piece(". "), Piece(cap(view.settings.keymap, "save"), "accent strong"),
            Piece(" goes there.", "accent"),
        )  # fmt: skip


def _accountable(view: DashboardView, document: Document) -> Iterator[Line]:
    root = document["root_cause"]
    if root is None:
        return
    yield BLANK
    yield line(Piece("Who is to be asked", CHAPTER))
    yield line(said(people.actor(root), "strong"))
    origin = f" from {root['source_ip']}" if root["source_ip"] else ""
    yield line(
        said(root["event_name"]), Piece(f" at {view.clock.spelled(root['event_time'])}"),
        said(origin), said(f"  {numbered(root['entry'])}", "faint"),
    )  # fmt: skip


def _story(view: DashboardView, document: Document) -> Iterator[Line]:
    deep = view.explained or document
    decisive = {one["entry"] for one in deep["decisive"]}
    cited = {one["entry"]: one for one in (*document["chain"], *deep["decisive"])}
    if not cited:
        return
    yield BLANK
    yield line(Piece("How it came about", CHAPTER))
    for one in sorted(cited.values(), key=lambda one: (one["event_time"], one["entry"])):
        is_decisive = one["entry"] in decisive
        yield line(
            Piece("◆ " if is_decisive else "· ", "bad strong" if is_decisive else "faint"),
            Piece(view.clock.short(moment_of(one["event_time"])), "faint"), " ",
            *deed(one), said(f" {numbered(one['entry'])}", "faint"),
        )  # fmt: skip
    if decisive:
        yield line(Piece("◆ without this one the data would not be lost", "faint"))


def _remedy(view: DashboardView, document: Document, columns: int) -> Iterator[Line]:
    if not document["actions"]:
        return
    yield BLANK
    yield line(Piece("What saves it now, in this order", CHAPTER))
    for number, action in enumerate(document["actions"], start=1):
        before = action["before"]
        limit = f" before {view.clock.spelled(before)}" if before else ""
        yield line(Piece(f"{number}. {action['do']}", "strong"), Piece(limit, "faint"))
        command = remedies.command(action, document)
        for part in remedies.broken(command, columns - 3):
            yield line(Piece("  "), said(part, "good"))
        if action["then"] is None:
            return


def _next(view: DashboardView) -> Iterator[Line]:
    """Say what is to come for it, so that one knows where to look."""
    coming = next((mark for mark in _marks(view) if mark.at > view.at), None)
    if coming is None:
        return
    yield BLANK
    yield line(Piece("What comes next", CHAPTER))
    is_known = coming.at <= view.playback.end
    word = VERDICTS[coming.after].text if coming.after in VERDICTS else coming.after
    yield line(
        verdict_symbol(coming.after if coming.after in VERDICTS else None), " ", said(word),
        Piece(f" in {duration((coming.at - view.at) / 1e6)}, at {view.clock.full(coming.at)}"),
        Piece("" if is_known else ", if nobody acts", "faint"), Piece("."),
    )  # fmt: skip


def _marks(view: DashboardView) -> Iterator[Mark]:
    for mark in view.playback.marks:
        if view.track is not None and mark.track == view.track.id:
            yield mark


def _notes(view: DashboardView) -> Iterator[Line]:
    if view.explained is None or not view.explained["notes"]:
        return
    yield BLANK
    yield line(Piece("Notes", CHAPTER))
    for note in view.explained["notes"]:
        yield line(Piece("· ", "faint"), said(note, "faint"))


def _of_key(view: DashboardView) -> Iterator[Line]:
    track, row = view.track, view.row
    if track is None:
        yield line(Piece("Nothing is selected.", "faint"))
        return
    if row is None:
        yield line(said(track.name, "strong"), Piece(" does not exist at this moment."))
        yield from _next(view)
        return
    yield line(
        key_symbol(row), " ", said(track.name, "strong"), " is ",
        said(row["state"], f"{key_tone(row)} strong" if row["usable"] is not None else "faint"),
    )  # fmt: skip
    if row["since"]:
        yield line(Piece(f"since {view.clock.spelled(row['since'])}, {BASES[row['basis']]}."))
    if row["cause"] is not None:
        yield line(Piece("Because "), *deed(row["cause"]), Piece("."))
    if row["state"] == "PendingDeletion" and row["deletion_date"]:
        left = (moment_of(row["deletion_date"]) - view.at) / 1e6
        yield line(
            Piece("KMS deletes it from "),
            Piece(view.clock.spelled(row["deletion_date"]), "strong"),
            Piece(f" on: {duration(left)} left.", "warn strong"),
        )  # fmt: skip
    yield BLANK
    yield line(Piece("What lies under it", CHAPTER))
    under = [one for one in view.playback.tracks if one.key == track.id]
    for one in under:
        state = one.at(view.at)
        verdict = None if state is None else state["verdict"]
        yield line(verdict_symbol(verdict), " ", said(one.name), "  ", verdict_word(verdict))
    if not under:
        yield line(Piece("No database that this ledger knows of.", "faint"))
    yield from _next(view)
