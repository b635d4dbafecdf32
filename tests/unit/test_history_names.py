"""A name that is looked up means what going through all names would find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.history.history import History
from analyzer.history.names import Named, short
from analyzer.moment import Moment
from tests.golden import ROOT
from tests.replayed import facts_of
from tests.simulator.reading import delivered

STORIES = sorted(path for path in (ROOT / "samples" / "stories").iterdir() if path.is_dir())
KINDS = (("key",), ("database",), ("key", "database"))


def called(history: History, at: Moment) -> Iterator[tuple[str, Named]]:
    for arn in history.keys:
        for name in (arn, arn.rpartition("/")[2]):
            yield name, Named(kind="key", id=arn)
    for alias, timeline in history.groups.aliases.items():
        target = timeline.at(at)
        for name in (alias, short(alias)) if target is not None else ():
            yield name, Named(kind="key", id=target or "")
    for member, cluster in history.groups.members.items():
        for name in (member, member.rpartition(":")[2]):
            yield name, Named(kind="database", id=history.groups.identities.at(cluster, at))
    for identity in history.groups.database_facts:
        yield identity, Named(kind="database", id=identity)
        for state in history.database(identity).values:
            for name in (state.traits.arn, state.traits.arn.rpartition(":")[2]):
                yield name, Named(kind="database", id=identity)


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.name)
def test_every_name_of_a_story_is_found(story: Path) -> None:
    history = History(facts_of(delivered(story)))
    facts = history.groups.facts
    for at in {facts[0].evidence.time - 1, facts[len(facts) // 2].evidence.time, history.end or 0}:
        every = list(called(history, at))
        for kinds in KINDS:
            some = [(name, one) for name, one in every if one.kind in kinds]
            assert sorted(history.names.all(at, kinds)) == sorted({name for name, _ in some})
            for wanted in {name for name, _ in every}:
                exact = {one for name, one in some if name == wanted}
                assert history.names.exactly(wanted, at, kinds) == exact
                shouted = {one for name, one in some if name.lower() == wanted.lower()}
                assert history.names.in_any_case(wanted.upper(), at, kinds) == shouted
