"""Coverage: what becomes of every event name of KMS and RDS (`python -m tests.coverage_table`).

The command rewrites what is generated in `analyzer/README.md`: this table and the map of modules; a
test compares. Operations come from AWS's service models, events that no call makes from the pages
named below.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from analyzer.inert import INERT, UNMODELLED, Group, reason_for
from analyzer.reader import DECODERS
from analyzer.resources import RESOURCES
from tests.service_models import operations

ROOM: Final = Path(__file__).parents[1] / "analyzer"
PAGE: Final = ROOM / "README.md"
TITLES: Final = {"kms": "KMS", "rds": "RDS"}

# AmazonRDS/latest/UserGuide/USER_Events.Messages.html, and Aurora's page of that name: those that
# speak of keys, backups, snapshots, replicas, hosts, starting and stopping.
_RDS_EVENTS: Final = (
    1, 2, 3, 4, 5, 6, 12, 13, 14, 15, 17, 18, 19, 20, 21, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34,
    35, 36, 40, 41, 42, 43, 45, 46, 49, 50, 51, 52, 53, 57, 59, 60, 61, 62, 65, 69, 70, 71, 72, 73,
    74, 75, 87, 88, 90, 91, 150, 151, 152, 153, 154, 159, 160, 161, 162, 163, 164, 168, 169, 170,
    171, 172, 181, 182, 183, 184, 185, 186, 187, 190, 196, 197, 202, 233, 234, 235, 236, 238, 239,
    240, 241, 244, 245, 246, 247, 248, 249, 250, 251, 252, 259, 260, 261, 278, 353, 354, 355, 361,
    362, 415, 416, 418, 419, 420, 422,
)  # fmt: skip

SERVICE_EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    # kms/latest/developerguide/ct-*.html (service events), kms-events.html (EventBridge).
    "kms": (
        "DeleteExpiredKeyMaterial",
        "DeleteKey",
        "KMS CMK Deletion",
        "KMS CMK Rotation",
        "KMS Imported Key Material Expiration",
        "RotateKey",
        "SynchronizeMultiRegionKey",
    ),
    "rds": tuple(f"RDS-EVENT-{number:04d}" for number in _RDS_EVENTS),
}


def names_of(service: str) -> list[str]:
    """Return every event name of a service, sorted."""
    return sorted({*operations(service), *SERVICE_EVENTS[service]})


def decoded(service: str) -> frozenset[str]:
    """Return the names that a resource module reads."""
    return frozenset(name for of, name in DECODERS if of == service)


def unmodelled(service: str) -> frozenset[str]:
    """Return the names that move something which is not modelled yet."""
    return frozenset(
        name for group in UNMODELLED if group.service == service for name in group.names
    )


def inert(service: str) -> frozenset[str]:
    """Return the names that move no state, families written out."""
    return frozenset(name for name in names_of(service) if reason_for(service, name) is not None)


def table() -> str:
    """Return the whole table as markdown."""
    return "\n".join(line for service in TITLES for line in _section(service)).strip() + "\n"


def modules() -> str:
    """Return the map of the room: every module with the first line of its docstring."""
    paths = sorted(ROOM.rglob("*.py"), key=lambda path: (path.parent.as_posix(), path.name))
    lines = ["| module | is |", "|---|---|"]
    for path in paths:
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if path.name != "__init__.py":
            lines.append(f"| `{path.relative_to(ROOM).as_posix()}` | {told.splitlines()[0]} |")
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """Return the page *text* with its generated parts as they should be."""
    for name, part in (("modules", modules()), ("coverage", table())):
        before, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        if not (begin and end):
            raise ValueError(name)
        text = f"{before}{begin}\n{part}\n{end}{after}"
    return text


def _section(service: str) -> Iterator[str]:
    parts = (decoded(service), inert(service), unmodelled(service))
    counts = [len(part) for part in parts]
    yield f"### {TITLES[service]}: {sum(counts)} event names"
    yield ""
    yield f"{counts[0]} decoded, {counts[1]} that move no state, {counts[2]} not modelled."
    yield from _table("decoded by", _by_module(service))
    yield from _table("moves no state", _by_reason(service, INERT))
    yield from _table("moves state, not modelled", _by_reason(service, UNMODELLED))
    yield ""


def _table(title: str, rows: Mapping[str, Iterable[str]]) -> Iterator[str]:
    if rows:
        yield from ("", f"| {title} | event names |", "|---|---|")
        for left, names in rows.items():
            yield f"| {left} | {', '.join(f'`{name}`' for name in sorted(names))} |"


def _by_module(service: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for module in RESOURCES:
        path = module.__name__.removeprefix("analyzer.").replace(".", "/") + ".py"
        for of, name in module.DECODERS:
            if of == service:
                found[f"`{path}`"].append(name)
    return found


def _by_reason(service: str, groups: tuple[Group, ...]) -> dict[str, list[str]]:
    return {
        group.reason: [
            *group.names,
            *(
                one
                for one in names_of(service)
                if group.families and one.startswith(group.families)
            ),
        ]
        for group in groups
        if group.service == service
    }


def main() -> int:
    """Rewrite what is generated in the room's page."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
