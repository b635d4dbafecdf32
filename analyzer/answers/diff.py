"""`diff`: what changed between two moments."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.answers.listing import Listing
from analyzer.answers.shape import Document, Scope, time
from analyzer.moment import Moment
from analyzer.recovery.copies import CopyState

_OF_KEY = ("state", "usable", "deletion_date", "aliases")
_OF_DATABASE = ("status", "verdict", "key", "unrecoverable_since", "recoverable_until")


def diff(scope: Scope, start: Moment, end: Moment, listing: Listing | None = None) -> Document:
    """Build the `diff` document: resources and copies that differ, with both sides.

    Args:
        scope: what is known; its own moment does not matter.
        start: the earlier moment.
        end: the later moment.
        listing: of the same history, where one was made before.

    Returns:
        `from`, `to`, `known_at`, `rules`, and in `keys`, `databases` and `copies` one object for
        each thing that differs: what it is, `before` (null where it did not exist), `after` (the
        same) and the `cause` of what it is after.
    """
    listed = listing or Listing(scope.history)
    keys = _moved_keys(listed, start, end)
    databases = _moved_databases(listed, start, end)
    return {
        "from": time(start),
        "to": time(end),
        "known_at": scope.known_at,
        "rules": scope.head()["rules"],
        "keys": list(
            _changes(list(listed.keys(keys, start)), list(listed.keys(keys, end)), "arn", _OF_KEY)
        ),
        "databases": list(
            _changes(
                listed.databases(databases, start),
                listed.databases(databases, end),
                "resource_id",
                _OF_DATABASE,
            )
        ),
        "copies": list(_copies(scope, start, end)),
    }


def _moved_keys(listed: Listing, start: Moment, end: Moment) -> list[str]:
    """Return the keys that do not stand as they stood; only they can differ in a row."""
    return [
        arn
        for arn in listed.history.keys
        if not _is_same(listed.key(arn, start), listed.key(arn, end))
    ]


def _moved_databases(listed: Listing, start: Moment, end: Moment) -> list[str]:
    """Return the databases that do not stand as they stood, and those that share their names."""
    sides = {
        one: (listed.database(one, start), listed.database(one, end))
        for one in listed.history.groups.database_facts
    }
    named = {
        one: {there[0].traits.resource_id or there[0].traits.arn for there in both if there}
        for one, both in sides.items()
    }
    moved = {name for one, both in sides.items() if not _is_same(*both) for name in named[one]}
    return [one for one, names in named.items() if not moved.isdisjoint(names)]


def _is_same(one: tuple[object, object] | None, other: tuple[object, object] | None) -> bool:
    if one is None or other is None:
        return one is other
    # States of one timeline: whether they are one and the same is known without a look inside.
    return one[0] is other[0] and (one[1] is other[1] or one[1:] == other[1:])


def _changes(
    before: list[Document], after: list[Document], identity: str, fields: tuple[str, ...]
) -> Iterator[Document]:
    old = {row[identity] or row["arn"]: row for row in before}
    new = {row[identity] or row["arn"]: row for row in after}
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        sides = [row and {field: row[field] for field in fields} for row in (was, now)]
        if sides[0] != sides[1]:
            row = now or was or {}
            yield {
                "resource": row["arn"],
                "id": name,
                "before": sides[0],
                "after": sides[1],
                "cause": now["cause"] if now is not None else None,
            }


def _copies(scope: Scope, start: Moment, end: Moment) -> Iterator[Document]:
    for identity in sorted(scope.history.groups.database_facts):
        for one in scope.history.copies(identity):
            was, now = one.at(start), one.at(end)
            if now is not None and was is not now and _short(was) != _short(now):
                yield {
                    "resource": now.id,
                    "id": identity,
                    "database": _address(scope, identity, end),
                    "before": _short(was),
                    "after": _short(now),
                    "cause": now.cause.document() if now.cause is not None else None,
                }


def _address(scope: Scope, identity: str, at: Moment) -> str:
    states = scope.history.database(identity)
    state = states.at(at) or states.last
    return state.traits.arn if state is not None else identity


def _short(state: CopyState | None) -> Document | None:
    if state is None:
        return None
    return {"kind": state.kind.value, "condition": state.condition.value, "key": state.key}
