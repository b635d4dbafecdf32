"""Naming: from what a person types to one key or database."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from analyzer.errors import AmbiguousResourceError, UnknownResourceError
from analyzer.history.history import History
from analyzer.history.names import Named, short
from analyzer.moment import Moment
from analyzer.resources.kms_key.events import KeyStatus

__all__ = ["Named", "aliases_of", "resolve"]


def resolve(history: History, name: str, at: Moment, kinds: tuple[str, ...]) -> Named:
    """Find the resource that *name* means at a moment.

    Args:
        history: where to look.
        name: ARN, database identifier, immutable resource id, key id, or alias.
        at: the moment at which aliases and reused names are read.
        kinds: which of `key` and `database` are asked for.

    Raises:
        UnknownResourceError: nothing has that name.
        AmbiguousResourceError: several resources have it.
    """
    wanted = name.strip()
    names = history.names
    found = names.exactly(wanted, at, kinds) or names.in_any_case(wanted, at, kinds)
    living = {named for named in found if _lives(history, named, at)}
    so_named = {named for named in living if _is_named(history, named, wanted, at)}
    found = so_named or living or found
    if len(found) > 1:
        addresses = {_address(history, named, at) for named in found}
        if len(addresses) == 1 and not living:
            return max(found, key=lambda named: _beginning(history, named))
        raise AmbiguousResourceError(name, tuple(sorted(addresses | _ids(found, addresses))))
    if not found:
        spelled = sorted(names.all(at, kinds))
        raise UnknownResourceError(name, tuple(get_close_matches(wanted, spelled, 5, 0.5)))
    return found.pop()


def aliases_of(history: History, key: str, at: Moment) -> list[str]:
    """Return the aliases that point at a key (ARN) at a moment, sorted."""
    pointers = history.groups.pointers
    pointing = [
        alias for alias in pointers.of_key.get(key, ()) if pointers.aliases[alias].at(at) == key
    ]
    return [short(alias) for alias in sorted(pointing) if not _is_deleted(history, key, at)]


def _is_deleted(history: History, arn: str, at: Moment) -> bool:
    """Whether the key is gone, and its aliases with it (deleting-keys.html)."""
    state = history.key(arn).at(at)
    return state is not None and state.status is KeyStatus.DELETED


def _lives(history: History, named: Named, at: Moment) -> bool:
    if named.kind == "key":
        return True
    state = history.database(named.id).at(at)
    return state is not None and state.deleted_by is None


def _is_named(history: History, named: Named, wanted: str, at: Moment) -> bool:
    """Whether a database has that name at the moment; names are handed on by renaming."""
    state = history.database(named.id).at(at) if named.kind == "database" else None
    if state is None:
        return True
    arn = state.traits.arn.lower()
    return wanted.lower() in {named.id.lower(), arn, arn.rpartition(":")[2]}


def _beginning(history: History, named: Named) -> Moment:
    starts = history.database(named.id).starts
    return starts[0] if starts else 0


def _address(history: History, named: Named, at: Moment) -> str:
    if named.kind == "key":
        return named.id
    timeline = history.database(named.id)
    state = timeline.at(at) or timeline.last
    return state.traits.arn if state is not None else named.id


def _ids(found: Iterable[Named], addresses: set[str]) -> set[str]:
    """Name the ids too where the ARNs alone do not tell the candidates apart."""
    candidates = list(found)
    return {named.id for named in candidates} if len(addresses) < len(candidates) else set()
