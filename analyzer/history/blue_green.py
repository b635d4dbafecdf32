"""Blue/green deployments: what a deployment's records mean for the databases in it.

A deployment's records speak of two environments at once. Here they become what happened to each
database: the green one is created as a copy that follows the blue one, takes over its name, and the
blue one lives on under another. Rules and sources: `resources/rds_blue_green.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analyzer.evidence import Evidence
from analyzer.history.identity import Identities, Sighting
from analyzer.moment import Moment
from analyzer.resource import Fact
from analyzer.resources.rds_blue_green import (
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One deployment through time.

    Attributes:
        name: its identifier.
        created: the record of its creation.
        source: ARN of the blue database, as it was named before any switchover.
        pairs: (blue, green) ARNs as they were before the switchover, as far as any record tells.
        switched: the record of the switchover that RDS did not take back.
        olds: under which ARN a blue database lives on, where that is not `-old1`.
        deleted: the record of its deletion, or of its failure.
        takes_green: whether the green databases went with it.
    """

    name: str
    created: Evidence
    source: str
    pairs: tuple[Pair, ...] = ()
    switched: Evidence | None = None
    olds: Mapping[str, str]
    deleted: Evidence | None = None
    takes_green: bool = False

    def old(self, blue: str) -> str:
        """Return the ARN under which a blue database lives on after the switchover."""
        return self.olds.get(blue, f"{blue}-old1")


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
                name=event.deployment, created=by, source=event.source, pairs=event.pairs, olds={}
            )
        elif event.deployment in held:
            held[event.deployment] = _moved(held[event.deployment], event, by)
    return list(held.values())


def _moved(was: Deployment, event: DeploymentEvent, by: Evidence) -> Deployment:
    match event:
        case DeploymentSwitched():
            return replace(was, switched=by, pairs=event.pairs or was.pairs)
        case DeploymentFailed(is_of_switchover=True):
            return replace(was, switched=None)
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
    return replace(was, pairs=pairs, olds={**was.olds, blue: old}, switched=was.switched or by)


def sightings(deployments: Sequence[Deployment], known: Identities) -> Iterator[Sighting]:
    """Yield who stands behind which ARN since each switchover.

    Args:
        deployments: all of them.
        known: identities as far as records of the databases themselves tell.
    """
    for one in deployments:
        if one.switched is None:
            continue
        at = one.switched.time
        for blue, green in one.pairs:
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
            for said, by in _of_green(one, blue, green, plain.get(old, ()), plain.get(new, ())):
                yield new, Fact(evidence=by, event=said)
            if one.switched is not None:
                seen = Seen(arn=blue, kind=_kind(blue))
                moved = DatabaseModified(seen=seen, detaches=False, renamed_to=one.old(blue))
                yield old, Fact(evidence=one.switched, event=moved)


def _of_source(one: Deployment, identities: Identities) -> Iterator[tuple[str, Fact]]:
    blue = identities.at(one.source, one.created.time)
    joined = DeploymentJoined(arn=one.source, deployment=one.name)
    yield blue, Fact(evidence=one.created, event=joined)
    if one.deleted is not None:
        yield blue, Fact(evidence=one.deleted, event=DeploymentLeft(arn=one.source))


def _of_green(
    one: Deployment, blue: str, green: str, of_blue: Sequence[Fact], of_green: Sequence[Fact]
) -> Iterator[tuple[object, Evidence]]:
    if not any(isinstance(fact.event, DatabaseCreated) for fact in of_green):
        yield DatabaseCreated(seen=_like(blue, green, of_blue)), one.created
    seen = Seen(arn=green, kind=_kind(green))
    if blue == one.source:
        yield DeploymentJoined(arn=green, deployment=one.name), one.created
    if one.switched is not None:
        yield GreenTookOver(seen=seen, renamed_to=blue), one.switched
    if one.deleted is not None and blue == one.source:
        yield DeploymentLeft(arn=green), one.deleted
    if one.deleted is not None and one.takes_green:
        yield DatabaseDeleted(seen=seen, final_snapshot=None, keeps_backups=False), one.deleted


def _like(blue: str, green: str, facts: Sequence[Fact]) -> Seen:
    """Return what green is like when it is made: as blue was last seen, and following it."""
    seen = [
        fact.event.seen
        for fact in facts
        if isinstance(fact.event, DatabaseEvent) and not fact.has_failed
    ]
    return Seen(
        arn=green,
        kind=_kind(green),
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
