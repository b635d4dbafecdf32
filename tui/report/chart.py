"""Chart: where on a drawing each span, call and limit of a case stands; it draws nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tui import people
from tui.words import CONDITIONS, VERDICTS

Json = Mapping[str, Any]

Told = Callable[[Json], tuple[str, str]]
"""Tells the style and the label of a span."""

WIDTH: Final = 1000
LEFT: Final = 170
"""Where the lanes begin; their names stand before that."""

TOP: Final = 64
"""Where the first lane begins; the calls stand above it."""

LANE: Final = 34
BAR: Final = 24
GLYPH: Final = 6.6
"""Width of a letter, to know which labels fit into their bars."""

MOST_COPIES: Final = 12
MOST_MARKS: Final = 36
"""Calls that are drawn; the table has them all."""

_APART: Final = 22.0
"""Between two marks, at least."""

LEGEND: Final = (
    ("good", "healthy, usable"),
    ("risk", "key unusable, latent"),
    ("partly", "offline, recoverable"),
    ("lost", "lost, dead"),
    ("gone", "deleted, expired"),
    ("unknown", "unknown"),
)
"""What the styles of bars mean."""

_STEPS: Final = tuple(
    timedelta(minutes=minutes)
    for minutes in (5, 15, 60, 180, 360, 720, 1440, 2880, 10080, 20160, 43200, 129600, 525600)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A span: its box, what it is (a style), the label that fits, and the words for a reader."""

    x: float
    y: float
    width: float
    style: str
    label: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A row of bars under one name."""

    y: float
    name: str
    aside: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A numbered call above the lanes: where it happened, and where its number has room."""

    x: float
    shown: float
    number: int
    is_decisive: bool
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An upright line with a label: a limit, or a tick of the axis."""

    x: float
    label: str
    style: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The drawing."""

    height: float
    bottom: float
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Line, ...]
    limits: tuple[Line, ...]
    left_out: int


class _Scale:
    """From moments to places."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start, self.end = start, end

    def x(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return round(LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - 10), 1)

    def holds(self, at: datetime) -> bool:
        return self.start <= at <= self.end


def chart(dossier: Json, calls: Sequence[Json]) -> Chart:
    """Lay out a case.

    Args:
        dossier: the `report` document.
        calls: the events to number, in time order.
    """
    scale = _scale(dossier, calls)
    until = min(scale.end, _moment(dossier["explain"]["at"]))
    copies = dossier["copies"][:MOST_COPIES]
    rows = [("key", people.name(str(dossier["explain"]["key"] or "")), dossier["key"], _of_key)]
    rows += [("database", dossier["explain"]["name"], dossier["database"], _of_database)]
    rows += [(one["kind"], _short(one), one["spans"], _of_copy) for one in copies]
    rows = [row for row in rows if row[2]]
    lanes = tuple(
        Lane(
            y=TOP + number * LANE,
            name=name,
            aside=_cut(aside, 24),
            bars=tuple(_bars(scale, spans, until, TOP + number * LANE, told)),
        )
        for number, (name, aside, spans, told) in enumerate(rows)
    )
    bottom = TOP + len(lanes) * LANE
    return Chart(
        height=bottom + 60,
        bottom=bottom,
        lanes=lanes,
        marks=tuple(_marks(scale, dossier, calls)),
        ticks=tuple(_ticks(scale)),
        limits=tuple(_limits(scale, dossier["explain"])),
        left_out=len(dossier["copies"]) - len(copies),
    )


def _scale(dossier: Json, calls: Sequence[Json]) -> _Scale:
    """Return a stretch of time that holds everything of interest, with some room on both sides."""
    verdict = dossier["explain"]
    place, lost = verdict["in_place"], verdict["unrecoverable"]
    found = [call["event_time"] for call in calls]
    found += [verdict["recoverable_until"], verdict["at"] if not calls else None]
    found += [place[name] for name in ("access_lost_at", "terminal_at", "deadline")]
    found += [lost["since"]] if lost is not None else [verdict["at"]]
    moments = [_moment(one) for one in found if one is not None]
    start, end = min(moments), max(moments)
    room = max((end - start) * 0.05, timedelta(hours=1))
    return _Scale(start - room, end + room)


def _bars(
    scale: _Scale, spans: Iterable[Json], until: datetime, y: float, told: Told
) -> Iterator[Bar]:
    """Yield the spans that can be seen, up to the moment that was asked about."""
    for span in spans:
        start = scale.start if span["from"] is None else _moment(span["from"])
        end = until if span["to"] is None else min(_moment(span["to"]), until)
        if end <= scale.start or start >= until:
            continue
        x, width = scale.x(start), round(scale.x(end) - scale.x(start), 1)
        style, label = told(span)
        ends = f"to {span['to']}" if span["to"] else "on"
        yield Bar(
            x=x,
            y=y,
            width=max(width, 1.5),
            style=style,
            label=label if len(label) * GLYPH + 8 <= width else "",
            title=f"{label} from {span['from'] or 'before the ledger begins'} {ends}",
        )


def _of_key(span: Json) -> tuple[str, str]:
    state = str(span["state"])
    styles = {"Enabled": "good", "Updating": "good", "Deleted": "lost", "Unknown": "unknown"}
    return styles.get(state, "risk"), state


def _of_database(span: Json) -> tuple[str, str]:
    styles = {
        "healthy": "good", "at-risk": "risk", "recoverable": "partly",
        "recoverable-with-action": "partly", "unrecoverable": "lost",
    }  # fmt: skip
    verdict = str(span["verdict"])
    return styles.get(verdict, "unknown"), VERDICTS[verdict].text


def _of_copy(span: Json) -> tuple[str, str]:
    condition = str(span["condition"])
    styles = {"usable": "good", "latent": "risk", "dead": "lost", "gone": "gone"}
    return styles.get(condition, "unknown"), CONDITIONS[condition].text


def _marks(scale: _Scale, dossier: Json, calls: Sequence[Json]) -> Iterator[Mark]:
    """Yield the calls; the numbers of those that are close together stand side by side."""
    decisive = {one["entry"] for one in dossier["explain"]["decisive"]}
    drawn = calls[:MOST_MARKS]
    places = [scale.x(_moment(call["event_time"])) for call in drawn]
    for number, (call, x, shown) in enumerate(zip(drawn, places, _spread(places), strict=True), 1):
        yield Mark(
            x=x,
            shown=shown,
            number=number,
            is_decisive=call["entry"] in decisive,
            title=f"{number}. {call['event_name']} by {people.actor(call)}, {call['event_time']}",
        )


def _spread(places: Sequence[float]) -> list[float]:
    """Move places apart as little as a walk from both ends needs."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + _APART) if moved else place)
    limit = WIDTH - 12.0
    for index in reversed(range(len(moved))):
        moved[index] = round(min(moved[index], limit), 1)
        limit = moved[index] - _APART
    return moved


def _ticks(scale: _Scale) -> Iterator[Line]:
    whole = scale.end - scale.start
    step = next((one for one in _STEPS if whole / one <= 8), _STEPS[-1])  # noqa: PLR2004 - labels
    zero = datetime(2000, 1, 3, tzinfo=UTC)
    at = zero + ((scale.start - zero) // step + 1) * step
    form = "%d %b %Y" if step >= timedelta(days=1) else "%d %b %H:%M"
    while scale.holds(at):
        yield Line(x=scale.x(at), label=at.strftime(form), style="tick")
        at += step


def _limits(scale: _Scale, verdict: Json) -> Iterator[Line]:
    """Yield the moments that decide: when it was lost, and until when it can or could be saved."""
    until, lost = verdict["recoverable_until"], verdict["unrecoverable"]
    if until is not None and scale.holds(_moment(until)):
        could = "could be saved until" if lost is not None else "can be saved until"
        yield Line(x=scale.x(_moment(until)), label=could, style="until", anchor="end")
    asked = _moment(verdict["at"])
    if lost is None and scale.holds(asked):
        yield Line(x=scale.x(asked), label="judged at", style="judged", anchor="start")
    if lost is not None and scale.holds(_moment(lost["since"])):
        yield Line(x=scale.x(_moment(lost["since"])), label="lost", style="lost", anchor="start")


def _short(copy: Json) -> str:
    return "" if copy["kind"] in {"volume", "automated-backup"} else people.name(copy["id"])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _moment(spelled: str) -> datetime:
    return datetime.fromisoformat(spelled).astimezone(UTC)
