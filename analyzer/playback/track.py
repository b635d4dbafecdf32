"""Tracks: each key and each database through time, as `state` lists it at every moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analyzer.answers.listing import Listing
from analyzer.answers.shape import Document, Scope, copy
from analyzer.moment import Moment
from analyzer.progress import Progress, unheard
from analyzer.resources.kms_key.events import KeyCreated
from analyzer.timeline import Timeline

KEY = "key"
"""The kind of a track that is a key; every other kind is a database's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A key or a database from its beginning to beyond the newest event.

    Attributes:
        id: the key's ARN, or the database's immutable id.
        kind: `key`, or the kind of database.
        name: what it is best known by over all the time; it does not change with the moment.
        address: its ARN.
        key: the track of the key under a database; None for a key, or where none is known.
        rows: at every moment its row of `state`; None where it did not exist.
        copies: every copy of a database's data, each as `explain` lists it.
    """

    id: str
    kind: str
    name: str
    address: str
    key: str | None
    rows: Timeline[Document | None]
    copies: tuple[Timeline[Document], ...] = ()

    @property
    def is_key(self) -> bool:
        """Whether it is a key."""
        return self.kind == KEY

    @property
    def place(self) -> tuple[str, str]:
        """Its account and Region, empty where its address does not tell."""
        parts = [*self.address.split(":"), *[""] * 5]
        return (parts[4], parts[3])

    def at(self, moment: Moment) -> Document | None:
        """Return its row of `state` at a moment; None where it did not exist."""
        return self.rows.at(moment)

    def copies_at(self, moment: Moment) -> tuple[Document, ...]:
        """Return every copy that was made up to a moment, in the state it had then."""
        states = (one.at(moment) for one in self.copies)
        return tuple(state for state in states if state is not None)

    def written(self, member: str, at: Moment) -> Moment | None:
        """Return when a member of its row last took another value; None if it never did."""
        found: Moment | None = None
        last: Document | None = None
        for span in self.rows.spans(at):
            if last is None or span.value is None or span.value[member] != last[member]:
                found = span.start
            last = span.value
        return found


def tracks_of(scope: Scope, on_progress: Progress = unheard) -> tuple[Track, ...]:
    """Return every track by place and name: each key before the databases under it.

    Databases whose key is not on record stand behind the keys of their place. The order depends on
    nothing that changes from one moment to the next.
    """
    pointing, arns = _pointing(scope), scope.history.keys
    identities = scope.history.groups.database_facts
    listed, total = Listing(scope.history), len(arns) + len(identities)
    keys, databases = [], []
    for done, arn in enumerate(arns):
        on_progress(done, total)
        keys.append(_key(listed, arn, pointing))
    for done, identity in enumerate(identities, start=len(arns)):
        on_progress(done, total)
        databases.append(_database(listed, identity))
    known = {key.id: key for key in keys}
    bearing = {one.key for one in databases}

    def order(track: Track) -> tuple[object, ...]:
        key = known.get(track.key or track.id)
        if key is None:
            return (track.place, 2, "", "", True, track.name, track.id)
        family = 0 if key.id in bearing else 1
        return (key.place, family, key.name, key.id, not track.is_key, track.name, track.id)

    return tuple(sorted([*keys, *databases], key=order))


Pointing = Mapping[str, list[tuple[str, Timeline[str | None]]]]
"""For each key the aliases that ever pointed at it, by name, with what they pointed at when."""


def _pointing(scope: Scope) -> Pointing:
    found: dict[str, list[tuple[str, Timeline[str | None]]]] = defaultdict(list)
    for alias, targets in sorted(scope.history.groups.aliases.items()):
        name = alias[alias.index("alias/") :] if "alias/" in alias else alias
        for key in {target for target in targets.values if target is not None}:
            found[key].append((name, targets))
    return found


def _key(listed: Listing, arn: str, pointing: Pointing) -> Track:
    history = listed.history
    created = [
        fact.evidence.time
        for fact in history.groups.key_facts.get(arn, ())
        if isinstance(fact.event, KeyCreated)
    ]
    aliases = pointing.get(arn, [])
    moments = {*history.key(arn).starts, *created}
    moments |= {start for _, targets in aliases for start in targets.starts}
    return Track(
        id=arn,
        kind=KEY,
        name=_newest(arn, aliases) or arn.rpartition("/")[2],
        address=arn,
        key=None,
        rows=Timeline((at, next(listed.keys([arn], at), None)) for at in sorted(moments)),
    )


def _newest(arn: str, aliases: Sequence[tuple[str, Timeline[str | None]]]) -> str | None:
    """Return the alias that was pointed at the key last."""
    pointed = [
        (start, name)
        for name, targets in aliases
        for start, target in zip(targets.starts, targets.values, strict=True)
        if target == arn
    ]
    return max(pointed)[1] if pointed else None


def _database(listed: Listing, identity: str) -> Track:
    history = listed.history
    states = history.database(identity)
    moments = sorted({*states.starts, *history.judgements(identity).starts})
    last = states.last
    address = last.traits.arn if last is not None else identity
    return Track(
        id=identity,
        kind=last.traits.kind if last is not None else "instance",
        name=(last.traits.name if last is not None else None) or address.rpartition(":")[2],
        address=address,
        key=history.key_of(identity),
        rows=Timeline((at, next(iter(listed.databases([identity], at)), None)) for at in moments),
        copies=tuple(
            Timeline((span.start, copy(span.value)) for span in one.spans())
            for one in history.copies(identity)
        ),
    )
