"""Names: what every key and database was ever called, looked up and not looked for.

What an alias, or the name of a member of a cluster, stands for depends on the moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from analyzer.frozen import Frozen
from analyzer.history.groups import Groups
from analyzer.moment import Moment


class Named(Frozen, frozen=True, kw_only=True):
    """A resource that was found.

    Attributes:
        kind: `key` or `database`.
        id: the key's ARN, or the database's immutable id.
    """

    kind: str
    id: str


class Names:
    """The names of a history's keys and databases."""

    def __init__(
        self, groups: Groups, keys: Iterable[str], arns: Callable[[str], Iterable[str]]
    ) -> None:
        """Gather them.

        Args:
            groups: the facts, by what they are about.
            keys: the ARN of every key.
            arns: what a database's ARN was in the course of time, by its id.
        """
        self._groups = groups
        self._found: dict[str, set[Named]] = defaultdict(set)
        for arn in keys:
            self._add(Named(kind="key", id=arn), arn, arn.rpartition("/")[2])
        for alias in self._groups.aliases:
            self._add(Named(kind="alias", id=alias), alias, short(alias))
        for member in self._groups.members:
            self._add(Named(kind="member", id=member), member, member.rpartition(":")[2])
        for identity in self._groups.database_facts:
            borne = set(arns(identity))
            names = (arn.rpartition(":")[2] for arn in borne)
            self._add(Named(kind="database", id=identity), identity, *borne, *names)
        self._folded: dict[str, set[str]] = defaultdict(set)
        for name in self._found:
            self._folded[name.lower()].add(name)

    def _add(self, named: Named, *names: str) -> None:
        for name in names:
            self._found[name].add(named)

    def exactly(self, name: str, at: Moment, kinds: tuple[str, ...]) -> set[Named]:
        """Return what a name means at a moment, as far as it is of these kinds."""
        found = (self._meant(one, at) for one in self._found.get(name, ()))
        return {one for one in found if one is not None and one.kind in kinds}

    def in_any_case(self, name: str, at: Moment, kinds: tuple[str, ...]) -> set[Named]:
        """Return the same for a name of which nobody knows how it is spelled."""
        spelled = self._folded.get(name.lower(), ())
        return {one for other in spelled for one in self.exactly(other, at, kinds)}

    def all(self, at: Moment, kinds: tuple[str, ...]) -> Iterator[str]:
        """Yield every name that means something of these kinds at a moment."""
        return (name for name in self._found if self.exactly(name, at, kinds))

    def _meant(self, named: Named, at: Moment) -> Named | None:
        match named.kind:
            case "alias":
                target = self._groups.aliases[named.id].at(at)
                return None if target is None else Named(kind="key", id=target)
            case "member":
                cluster = self._groups.members[named.id]
                return Named(kind="database", id=self._groups.identities.at(cluster, at))
            case _:
                return named


def short(alias: str) -> str:
    """Return `alias/name` of an alias ARN."""
    return alias[alias.index("alias/") :] if "alias/" in alias else alias
