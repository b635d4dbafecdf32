"""Report: what a benchmark found, as a table for people and JSON for machines."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from tests.bench.measures import MEASURES, Figures, Measure
from tests.bench.room import Room


def document(room: Room, events: int, figures: Figures) -> dict[str, Any]:
    """Return everything that was measured of one size."""
    return {
        "events": events,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "measures": [_row(room, figures, measure) for measure in measured(figures)],
        "figures": {name: [asdict(one) for one in runs] for name, runs in figures.items()},
    }


def measured(figures: Figures) -> list[Measure]:
    """Return the measures of which every task was run."""
    return [one for one in MEASURES if all(task in figures for task in one.tasks)]


def _row(room: Room, figures: Figures, measure: Measure) -> dict[str, Any]:
    value = measure.value(room, figures)
    return {
        "title": measure.title,
        "against": measure.against,
        "ours": round(median(one.rate for one in figures[measure.ours])),
        "theirs": None
        if measure.peer is None
        else round(median(one.rate for one in figures[measure.peer])),
        "value": round(value, 3),
        "by_cpu": _by_cpu(figures, measure),
        "unit": measure.unit,
        "goal": measure.goal,
        "is_floor": measure.is_floor,
        "is_met": measure.is_met(value),
    }


def _by_cpu(figures: Figures, measure: Measure) -> float | None:
    """The same ratio by processor time, which others on the machine disturb less."""
    if measure.peer is None or measure.unit != "×":
        return None
    ours, theirs = (
        median(one.count / one.cpu for one in figures[task])
        for task in (measure.ours, measure.peer)
    )
    return round(ours / theirs, 3)


def growth(documents: Sequence[dict[str, Any]]) -> str:
    """Return what every task took at all sizes, as one Markdown table.

    Seconds are of a thing that is handled; the spread is that of the rounds, and tells how noisy
    the machine was.
    """
    sizes = [f"{one['events']:,}".replace(",", " ") for one in documents]
    lines = [
        f"| task | {' | '.join(f'at {size}: µs each, ± %, peak MB' for size in sizes)} |",
        f"|---|{'---|' * len(sizes)}",
    ]
    for name in documents[0]["figures"]:
        cells = [_spent(one["figures"][name]) for one in documents]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _spent(runs: Sequence[dict[str, Any]]) -> str:
    each = [1e6 * run["wall"] / run["count"] for run in runs]
    spread = 100 * (max(each) - min(each)) / median(each) / 2
    return f"{median(each):,.3g}, ± {spread:.0f} %, {max(run['peak'] for run in runs) >> 20}"


def table(documents: Sequence[dict[str, Any]]) -> str:
    """Return the measures of all sizes as one Markdown table."""
    sizes = [f"{one['events']:,}".replace(",", " ") for one in documents]
    lines = [
        f"| measure | against | goal | {' | '.join(f'at {size}' for size in sizes)} |",
        f"|---|---|---|{'---|' * len(sizes)}",
    ]
    for number, row in enumerate(documents[0]["measures"]):
        goal = f"{'≥' if row['is_floor'] else '≤'} {row['goal']:g} {row['unit']}"
        values = [_value(one["measures"][number]) for one in documents]
        lines.append(f"| {row['title']} | {row['against']} | {goal} | {' | '.join(values)} |")
    return "\n".join(lines) + "\n"


def _value(row: dict[str, Any]) -> str:
    mark = "" if row["is_met"] else " (missed)"
    cpu = "" if row["by_cpu"] is None else f" ({row['by_cpu']:.3g} by processor time)"
    return f"{row['value']:.3g} {row['unit']}{mark}{cpu}"


def text(documents: Sequence[dict[str, Any]]) -> str:
    """Return the JSON document of a run."""
    return json.dumps(list(documents), indent=2) + "\n"
