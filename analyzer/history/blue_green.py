"""Blue/green deployments: what a deployment's records mean for the databases in it.

A deployment's records speak of two environments at once. Here they become what happened to each
database: the green one is created as a copy that follows the blue one, takes over its name, and the
blue one lives on under another. Rules and sources: `resources/rds_blue_green.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen, replace
from analyzer.history.identity import Identities, Sighting
from analyzer.moment import Moment
from analyzer.resource import Fact
from analyzer.resources.rds_blue_green import (
    OLD,
    DeploymentCompleted,
    DeploymentCreated,
    DeploymentDeleted,
    DeploymentEvent,
    DeploymentFailed,
    DeploymentSwitched,
    Pair,
    Renamed,
)
from analyzer.resources.rds_database.events import (
    CLUSTER,
    INSTANCE,
    DatabaseCreated,
    DatabaseDeleted,
    DatabaseEvent,
    DatabaseModified,
    DeploymentJoined,
    DeploymentLeft,
    GreenTookOver,
    Seen,
)


class Deployment(Frozen, frozen=True, kw_only=True):
    """One deployment through time.

    Attributes:
        name: its identifier.
        created: the record of its creation.
        source: ARN of the blue database, as it was named before any switchover.
        pairs: (blue, green) ARNs as they were before the switchover, as far as any record tells.
        switched: the call of the switchover that RDS did not take back.
        timeout: microseconds after that call at which it is over, one way or the other.
        renamed: RDS's word on the exchange of names, by the ARN of the blue database.
        completed: RDS's word that the whole switchover is over.
        olds: under which ARN a blue database lives on, where that is not `-old1`.
        deleted: the record of its deletion, or of its failure.
        takes_green: whether the green databases went with it.
    """

    name: str
    created: Evidence
    source: str
    pairs: tuple[Pair, ...] = ()
    switched: Evidence | None = None
    timeout: int = 0
    renamed: Mapping[str, Evidence]
    completed: Evidence | None = None
    olds: Mapping[str, str]
    deleted: Evidence | None = None
    takes_green: bool = False

    def moved(self, blue: str) -> Evidence | None:
        """Return the record that dates the exchange of a blue database's name.

        That is RDS's word on it, on the one that the deployment is of, or on the whole; the call
        itself where RDS's word is missing. None if there was none.
        """
        told = self.renamed.get(blue) or self.renamed.get(self.source) or self.completed
        return told or self.switched

    @property
    def is_dated(self) -> bool:
        """Whether a record tells when names moved; else they did between call and timeout."""
        return bool(self.renamed) or self.completed is not None

    def old(self, blue: str) -> str:
        """Return the ARN under which a blue database lives on after the switchover."""
        return self.olds.get(blue, f"{blue}{OLD}")


def deployments_of(facts: Iterable[Fact]) -> list[Deployment]:
    """Fold the records of all deployments, oldest first.

    Args:
        facts: all facts, in time order; failed ones are passed over.
    """
    held: dict[str, Deployment] = {}
    for fact in facts:
        event, by = fact.event, fact.evidence
        if fact.has_failed or not isinstance(event, DeploymentEvent):
            continue
        if isinstance(event, DeploymentCreated):
            held[event.deployment] = Deployment(
                name=event.deployment,
                created=by,
                source=event.source,
                pairs=event.pairs,
                renamed={},
                olds={},
            )
        elif event.deployment in held:
            held[event.deployment] = _moved(held[event.deployment], event, by)
    return list(held.values())


def _moved(was: Deployment, event: DeploymentEvent, by: Evidence) -> Deployment:
    match event:
        case DeploymentSwitched():
            pairs = event.pairs or was.pairs
            return replace(was, switched=by, timeout=event.timeout, pairs=pairs)
        case DeploymentCompleted():
            return replace(was, completed=by, switched=was.switched or by)
        case DeploymentFailed(is_of_switchover=True):
            return replace(was, switched=None, completed=None, renamed={}, olds={})
        case DeploymentFailed():
            return replace(was, deleted=by, takes_green=True)
        case DeploymentDeleted():
            pairs = was.pairs or (event.pairs if was.switched is None else ())
            takes_green = event.takes_green and was.switched is None
            return replace(was, deleted=by, takes_green=takes_green, pairs=pairs)
        case Renamed():
            return _renamed(was, event, by)
        case DeploymentCreated():
            return was


def _renamed(was: Deployment, event: Renamed, by: Evidence) -> Deployment:
    """Learn from RDS's own word how the two are named now; it tells of every member apart."""
    start = was.source.rpartition(":")[0]
    blue, green, old = (f"{start}:{name}" for name in (event.blue, event.green, event.old))
    pairs = was.pairs if (blue, green) in was.pairs else (*was.pairs, (blue, green))
    return replace(
        was,
        pairs=pairs,
        olds={**was.olds, blue: old},
        renamed={blue: by, **was.renamed},
        switched=was.switched or by,
    )


def sightings(deployments: Sequence[Deployment], known: Identities) -> Iterator[Sighting]:
    """Yield who stands behind which ARN since each switchover.

    Args:
        deployments: all of them.
        known: identities as far as records of the databases themselves tell.
    """
    for one in deployments:
        for blue, green in one.pairs:
            moved = one.moved(blue)
            if moved is None:
                continue
            at = moved.time
            was = known.at(blue, one.created.time)
            now = _green_identity(known, blue, green, was, at)
            yield blue, at, now, True
            yield green, one.created.time, now, True
            yield one.old(blue), at, was, True


def _green_identity(known: Identities, blue: str, green: str, was: str, at: Moment) -> str:
    """Return who green is: by its own records, or by the first about blue's name afterwards."""
    own = known.at(green, at)
    if own != green:
        return own
    return known.first_after(blue, at, was) or green


def members_since(deployments: Sequence[Deployment], members: Mapping[str, str]) -> dict[str, str]:
    """Return the clusters of members that a deployment made or renamed, by ARN."""
    found: dict[str, str] = {}
    for one in deployments:
        clusters = dict(pair for pair in one.pairs if ":cluster:" in pair[0])
        for blue, green in one.pairs:
            cluster = members.get(blue)
            if cluster in clusters:
                found[green] = clusters[cluster]
                found[one.old(blue)] = one.old(cluster)
    return found


def facts_of_databases(
    deployments: Sequence[Deployment],
    identities: Identities,
    plain: Mapping[str, Sequence[Fact]],
    members: Mapping[str, str],
) -> Iterator[tuple[str, Fact]]:
    """Yield (identity, fact) for what each deployment means for the databases in it.

    Args:
        deployments: all of them.
        identities: resource ids by ARN and moment, switchovers included.
        plain: facts by identity as far as records of the databases themselves tell.
        members: the clusters of instances, which are judged as part of these.
    """
    for one in deployments:
        yield from _of_source(one, identities)
        for blue, green in one.pairs:
            if blue in members:
                continue
            old = identities.at(blue, one.created.time)
            new = identities.at(green, one.created.time)
            of_both = (plain.get(old, ()), plain.get(new, ()))
            yield from ((new, fact) for fact in _of_green(one, (blue, green), new, *of_both))
            moved = one.moved(blue)
            if moved is not None:
                seen = Seen(arn=blue, kind=_kind(blue))
                said = DatabaseModified(seen=seen, detaches=False, renamed_to=one.old(blue))
                yield old, Fact(evidence=moved, event=said)


def _of_source(one: Deployment, identities: Identities) -> Iterator[tuple[str, Fact]]:
    blue = identities.at(one.source, one.created.time)
    joined = DeploymentJoined(arn=one.source, deployment=one.name)
    yield blue, Fact(evidence=one.created, event=joined)
    left = _left(one)
    if left is not None:
        yield blue, Fact(evidence=left, event=DeploymentLeft(arn=one.source))


def _left(one: Deployment) -> Evidence | None:
    """Return what sets the two free: a cluster its deletion, an instance the switchover already.

    Until then the green instance is a read replica of the blue one.
    """
    moved = one.moved(one.source) if _kind(one.source) == INSTANCE else None
    return moved or one.deleted


def _of_green(
    one: Deployment, pair: Pair, new: str, of_blue: Sequence[Fact], of_green: Sequence[Fact]
) -> Iterator[Fact]:
    blue, green = pair
    if not any(isinstance(fact.event, DatabaseCreated) for fact in of_green):
        earlier = [fact for fact in of_blue if fact.evidence.time <= one.created.time]
        made = DatabaseCreated(seen=_like(blue, green, new, earlier or of_blue))
        yield Fact(evidence=one.created, event=made)
    seen = Seen(arn=green, kind=_kind(green))
    if blue == one.source:
        joined = DeploymentJoined(arn=green, deployment=one.name)
        yield Fact(evidence=one.created, event=joined)
    moved = one.moved(blue)
    if moved is not None:
        yield Fact(evidence=moved, event=GreenTookOver(seen=seen, renamed_to=blue))
    left = _left(one)
    if left is not None and blue == one.source:
        yield Fact(evidence=left, event=DeploymentLeft(arn=green))
    if one.deleted is not None and one.takes_green:
        gone = DatabaseDeleted(seen=seen, final_snapshot=None, keeps_backups=False)
        yield Fact(evidence=one.deleted, event=gone)


def _like(blue: str, green: str, identity: str, facts: Sequence[Fact]) -> Seen:
    """Return what green is like when it is made: as blue was seen last by then, following it."""
    seen = [
        fact.event.seen
        for fact in facts
        if isinstance(fact.event, DatabaseEvent) and not fact.has_failed
    ]
    return Seen(
        arn=green,
        kind=_kind(green),
        resource_id=None if identity.startswith("arn:") else identity,
        name=green.rpartition(":")[2],
        engine=next((one.engine for one in reversed(seen) if one.engine), None),
        key=next((one.key for one in seen if one.key), None),
        is_encrypted=next((one.is_encrypted for one in seen if one.is_encrypted is not None), None),
        encryption_type=next((one.encryption_type for one in seen if one.encryption_type), None),
        retention_days=next(
            (one.retention_days for one in reversed(seen) if one.retention_days is not None), None
        ),
        takes_default_key=any(one.takes_default_key for one in seen),
        replica_source=blue,
    )


def _kind(arn: str) -> str:
    return CLUSTER if ":cluster:" in arn else INSTANCE
