"""A database is judged alike in its component and in the whole, whatever lies beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest

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


@pytest.mark.parametrize("sign", ["RDS-EVENT-0418", "RDS-EVENT-0419"])
def test_a_gap_ends_in_a_component_where_it_ends_in_the_whole(sign: str) -> None:
    aws = AwsSimulator(seed=3)
    key, other = aws.create_key(at=timedelta()), aws.create_key(at=timedelta())
    database = aws.create_db_instance("orders", key, at=timedelta(hours=2))
    aws.stop_logging(at=timedelta(days=2))
    aws.disable_key(other, at=timedelta(days=2, hours=12))  # so something wrote by then
    aws.rds_event(database, sign, at=timedelta(days=3))
    history = History(facts_of(aws.payloads()))
    [identity] = history.groups.database_facts
    alone = component(history, identity)
    assert [gap.end for gap in alone.gaps] == [gap.end for gap in history.gaps]
    assert alone.copies(identity) == history.copies(identity)
    assert list(alone.groups.key_facts) == [key.arn]


def test_a_call_of_which_two_trails_tell_ends_the_silence_of_either() -> None:
    aws = AwsSimulator(seed=3)
    key = aws.create_key(at=timedelta())
    accounts = (aws.account, "444455556666")
    for account in accounts:
        aws.stop_logging(at=timedelta(days=1), account=account)
    for account in accounts:
        record = aws.disable_key(key, at=timedelta(days=2), account=account)
        record["sharedEventID"] = "4f9c6b1e-0000-4000-8000-00000000cafe"
    history = History(facts_of(aws.payloads()))
    assert len(history.groups.key_facts[key.arn]) == 2  # creation, and one call
    assert {gap.account for gap in history.gaps} == set(accounts)
    assert all(gap.end == history.end for gap in history.gaps)


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
