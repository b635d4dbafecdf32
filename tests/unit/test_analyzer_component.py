"""A database is judged alike in its component and in the whole, whatever lies beside it."""

from __future__ import annotations

from analyzer.history.component import component
from analyzer.history.history import History
from tests.replayed import facts_of
from tests.simulator import estate


def history_of(keys: int, databases: int) -> History:
    [place] = estate.build(seed=7, places=1, keys=keys, databases=databases)
    return History(facts_of(place.aws.payloads()))


def test_a_component_judges_its_database_as_the_whole_history_does() -> None:
    history = history_of(40, 12)
    identities = list(history.groups.database_facts)
    assert len(identities) == 12
    for identity in identities:
        alone = component(history, identity)
        assert len(alone.groups.facts) < len(history.groups.facts) / 3
        assert alone.judgements(identity) == history.judgements(identity)
        assert alone.copies(identity) == history.copies(identity)


def test_a_component_does_not_grow_with_keys_beside_it() -> None:
    few, many = (history_of(keys, 6) for keys in (20, 80))
    sizes = [
        [len(component(one, identity).groups.facts) for identity in one.groups.database_facts]
        for one in (few, many)
    ]
    assert max(sizes[1]) <= 2 * max(sizes[0])
    assert len(many.groups.facts) > 2 * len(few.groups.facts)
