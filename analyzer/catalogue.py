"""Catalogue: forensic questions, one file of SQL each, with a header that says what it asks.

The leading `--` lines of a file are TOML, the rest is one SELECT. A new file in `queries/` is on
the list at once; nothing is registered.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final

from analyzer.warehouse.errors import UnknownQueryError

FOLDER: Final = Path(__file__).parent / "queries"

SEVERITIES: Final = ("low", "medium", "high", "critical")
KINDS: Final = ("text", "number", "time", "key", "database")
"""Types of parameters. Keys and databases are named as everywhere else, times too."""

_NEEDED: Final = frozenset({"title", "question"})
_MAY: Final = frozenset({"severity", "false_positives", "references", "attack", "params"})
_OF_PARAMETER: Final = frozenset({"type", "about", "default"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a query wants to be told.

    Attributes:
        name: `$name` in its SQL.
        kind: one of `KINDS`.
        about: what it means.
        default: as it would be typed; None where there is none.
        is_optional: whether it may be left out; without a default it is null then.
    """

    name: str
    kind: str
    about: str
    default: str | None
    is_optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question of the catalogue.

    Attributes:
        name: the file's name without `.sql`.
        title: what the rows are.
        question: what a responder would ask, in plain words.
        severity: where a row is something to look into; None where it is context.
        false_positives: when a row means nothing bad.
        references: pages that it rests on.
        attack: techniques of MITRE ATT&CK.
        parameters: in the order of the header.
        sql: one SELECT.
    """

    name: str
    title: str
    question: str
    severity: str | None
    false_positives: tuple[str, ...]
    references: tuple[str, ...]
    attack: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    sql: str


class HeaderError(ValueError):
    """A file whose header is not what the schema says; for whoever writes queries."""


@cache
def names() -> tuple[str, ...]:
    """Return the names of all queries, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.sql")))


@cache
def query(name: str) -> Query:
    """Return the query of that name.

    Raises:
        UnknownQueryError: there is none.
    """
    if name not in names():
        raise UnknownQueryError(name, tuple(get_close_matches(name, names(), 5, 0.4)))
    return parse(name, (FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


def queries() -> tuple[Query, ...]:
    """Return the whole catalogue."""
    return tuple(query(name) for name in names())


def parse(name: str, text: str) -> Query:
    """Read one file.

    Raises:
        HeaderError: its header lacks something, or has what no header has.
    """
    lines = text.splitlines()
    count = next((at for at, line in enumerate(lines) if not line.startswith("--")), len(lines))
    header = tomllib.loads("\n".join(line[2:].removeprefix(" ") for line in lines[:count]))
    _require(name, header, _NEEDED, _NEEDED | _MAY)
    severity = header.get("severity")
    if severity is not None and severity not in SEVERITIES:
        raise HeaderError(f"{name}: severity {severity!r} is none of {', '.join(SEVERITIES)}")
    return Query(
        name=name,
        title=header["title"],
        question=header["question"],
        severity=severity,
        false_positives=tuple(header.get("false_positives", ())),
        references=tuple(header.get("references", ())),
        attack=tuple(header.get("attack", ())),
        parameters=tuple(
            _parameter(name, one, said) for one, said in header.get("params", {}).items()
        ),
        sql="\n".join(lines[count:]).strip() + "\n",
    )


def _parameter(query_name: str, name: str, said: Mapping[str, Any]) -> Parameter:
    _require(f"{query_name}.{name}", said, {"type", "about"}, _OF_PARAMETER)
    if said["type"] not in KINDS:
        raise HeaderError(f"{query_name}.{name}: {said['type']!r} is none of {', '.join(KINDS)}")
    default = said.get("default")
    return Parameter(
        name=name,
        kind=said["type"],
        about=said["about"],
        default=default or None,
        is_optional=default is not None,
    )


def _require(
    name: str,
    said: Mapping[str, Any],
    needed: frozenset[str] | set[str],
    known: frozenset[str] | set[str],
) -> None:
    if not needed <= set(said) <= known:
        raise HeaderError(f"{name}: a header has {sorted(needed)}, and may have {sorted(known)}")
