"""Incidents: findings that belong together, so that one mistake is read as one story.

Two findings belong together if they cite the same record; if they are about the same key and what
lies under it and began within eight days of each other, because the shortest waiting period of a
key is seven days and KMS takes up to one more; or if the same hand began both within an hour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from analyzer import moment
from analyzer.findings.finding import Finding
from analyzer.findings.survey import Survey
from analyzer.frozen import replace
from analyzer.moment import DAY, HOUR, Moment
from analyzer.place import spelled

NEAR: Final = 8 * DAY
"""So close to each other begin findings of one incident about one key."""

ONE_SITTING: Final = HOUR
"""So close to each other begin findings of one incident by one hand."""

_Numbered = tuple[int, Finding]


def grouped(
    survey: Survey, found: Sequence[Finding], conditions: Container[str]
) -> tuple[Finding, ...]:
    """Return the findings with their incidents, each named by its first day and record.

    Args:
        survey: tells what lies under which key.
        found: the findings, sorted.
        conditions: names of rules whose findings tell of no event; they belong to no incident.
    """
    leaders = list(range(len(found)))
    events = [(index, one) for index, one in enumerate(found) if one.rule not in conditions]
    for one, other in (*_sharing(events), *_near(survey, events), *_by_one_hand(events)):
        first, second = sorted((_leader(leaders, one), _leader(leaders, other)))
        leaders[second] = first
    names = {index: _name(found[_leader(leaders, index)]) for index, _ in events}
    return tuple(
        replace(finding, incident=names.get(index, "")) for index, finding in enumerate(found)
    )


def _name(first: Finding) -> str:
    return f"{moment.text(first.since)[:10]}#{spelled(first.evidence[0].entry)}"


def _leader(leaders: list[int], index: int) -> int:
    while leaders[index] != index:
        leaders[index] = leaders[leaders[index]]
        index = leaders[index]
    return index


def _sharing(found: Sequence[_Numbered]) -> Iterable[tuple[int, int]]:
    first: dict[int, int] = {}
    for index, finding in found:
        for evidence in finding.evidence:
            yield first.setdefault(evidence.entry, index), index


def _near(survey: Survey, found: Sequence[_Numbered]) -> Iterable[tuple[int, int]]:
    tied: dict[str, list[_Numbered]] = defaultdict(list)
    for index, finding in found:
        tied[survey.anchor(finding.resource, finding.since)].append((index, finding))
    return _close(tied, NEAR)


def _by_one_hand(found: Sequence[_Numbered]) -> Iterable[tuple[int, int]]:
    tied: dict[str, list[_Numbered]] = defaultdict(list)
    for index, finding in found:
        began = finding.evidence[0]
        hand = began.session or began.actor or ""
        if hand.startswith("arn:"):  # a service has no hands
            tied[hand].append((index, finding))
    return _close(tied, ONE_SITTING)


def _close(tied: Mapping[str, Sequence[_Numbered]], within: Moment) -> Iterable[tuple[int, int]]:
    for members in tied.values():
        for (one, earlier), (other, later) in pairwise(members):
            if later.since - earlier.since <= within:
                yield one, other
