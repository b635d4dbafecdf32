"""Naming: from what a person types to one key or database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from analyzer.errors import AmbiguousResourceError, UnknownResourceError
from analyzer.frozen import Frozen
from analyzer.history.history import History
from analyzer.moment import Moment
from analyzer.resources.kms_key.events import KeyStatus


class Named(Frozen, frozen=True, kw_only=True):
    """A resource that was found.

    Attributes:
        kind: `key` or `database`.
        id: the key's ARN, or the database's immutable id.
    """

    kind: str
    id: str


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
    names = [entry for entry in _names(history, at) if entry[1].kind in kinds]
    found = {named for spelled, named in names if spelled == wanted}
    if not found:
        folded = wanted.lower()
        found = {named for spelled, named in names if spelled.lower() == folded}
    living = {named for named in found if _lives(history, named, at)}
    so_named = {named for named in living if _is_named(history, named, wanted, at)}
    found = so_named or living or found
    if len(found) > 1:
        addresses = {_address(history, named, at) for named in found}
        if len(addresses) == 1 and not living:
            return max(found, key=lambda named: _beginning(history, named))
        raise AmbiguousResourceError(name, tuple(sorted(addresses | _ids(found, addresses))))
    if not found:
        spelled = sorted({spelled for spelled, _ in names})
        raise UnknownResourceError(name, tuple(get_close_matches(wanted, spelled, 5, 0.5)))
    return found.pop()


def keys_of(history: History) -> list[str]:
    """Return every key that a record names, or that a database or copy lies under, sorted."""
    under = (history.groups.key_of(identity) for identity in history.groups.database_facts)
    copied = (
        snapshot.key
        for held in history.snapshots.values()
        for snapshot in held
        if snapshot.key is not None and ":kms:" in snapshot.key
    )
    return sorted({*history.groups.key_facts, *(key for key in under if key is not None), *copied})


def aliases_at(history: History, at: Moment) -> dict[str, list[str]]:
    """Return for each key ARN the aliases that point at it at a moment, sorted."""
    pointing: dict[str, list[str]] = {}
    for alias, timeline in sorted(history.groups.aliases.items()):
        target = timeline.at(at)
        if target is not None and not _is_deleted(history, target, at):
            pointing.setdefault(target, []).append(_short(alias))
    return pointing


def _is_deleted(history: History, arn: str, at: Moment) -> bool:
    """Whether the key is gone, and its aliases with it (deleting-keys.html)."""
    state = history.key(arn).at(at)
    return state is not None and state.status is KeyStatus.DELETED


def _names(history: History, at: Moment) -> Iterator[tuple[str, Named]]:
    for arn in keys_of(history):
        key = Named(kind="key", id=arn)
        yield arn, key
        yield arn.rpartition("/")[2], key
    for alias, timeline in history.groups.aliases.items():
        target = timeline.at(at)
        if target is not None:
            yield alias, Named(kind="key", id=target)
            yield _short(alias), Named(kind="key", id=target)
    for member, cluster in history.groups.members.items():
        inherits = Named(kind="database", id=history.groups.identities.at(cluster, at))
        yield member, inherits
        yield member.rpartition(":")[2], inherits
    for identity in history.groups.database_facts:
        database = Named(kind="database", id=identity)
        yield identity, database
        for span in history.database(identity).spans():
            yield span.value.traits.arn, database
            yield span.value.traits.arn.rpartition(":")[2], database


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


def _short(alias: str) -> str:
    """Return `alias/name` of an alias ARN."""
    return alias[alias.index("alias/") :] if "alias/" in alias else alias
