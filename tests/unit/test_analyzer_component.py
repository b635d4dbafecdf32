"""A database is judged alike in its component and in the whole, whatever lies beside it."""

from __future__ import annotations

from datetime import timedelta

from analyzer.answers.blast import blast
from analyzer.answers.shape import Scope
from analyzer.history.component import component
from analyzer.history.history import History
from tests.replayed import facts_of
from tests.simulator import estate
from tests.simulator.world import AwsSimulator


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


def test_databases_are_judged_together_as_each_alone() -> None:
    history = history_of(40, 12)
    some = list(history.groups.database_facts)[:5]
    together = component(history, *some)
    assert len(together.groups.facts) < len(history.groups.facts)
    for identity in some:
        assert together.judgements(identity) == history.judgements(identity)
        assert together.copies(identity) == history.copies(identity)


def test_what_many_databases_would_lose_with_their_key_is_told_of_each() -> None:
    aws = AwsSimulator(seed=1)
    key, other = aws.create_key(at=timedelta()), aws.create_key(at=timedelta())
    for number in range(12):
        database = aws.create_db_instance(f"db-{number}", key, at=timedelta(hours=1 + number))
        snapshot = aws.create_db_snapshot(database, f"held-{number}", at=timedelta(days=2))
        if number % 3 == 0:
            aws.copy_db_snapshot(snapshot, f"away-{number}", other, at=timedelta(days=3))
    history = History(facts_of(aws.payloads()))
    told = blast(Scope(history=history, at=history.end or 0, known_at=0), key.arn, None)
    saved = {
        row["database"].rpartition("db:db-")[2]: len(row["if_lost"]["surviving_copies"])
        for row in told["databases"]
    }
    assert saved == {str(number): int(number % 3 == 0) for number in range(12)}
    words = {row["if_lost"]["verdict"] for row in told["databases"]}
    assert words == {"unrecoverable", "at-risk"}


def test_a_component_does_not_grow_with_keys_beside_it() -> None:
    few, many = (history_of(keys, 6) for keys in (20, 80))
    sizes = [
        [len(component(one, identity).groups.facts) for identity in one.groups.database_facts]
        for one in (few, many)
    ]
    assert max(sizes[1]) <= 2 * max(sizes[0])
    assert len(many.groups.facts) > 2 * len(few.groups.facts)
