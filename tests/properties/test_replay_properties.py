"""Properties of replay: independence of order, prefixes, gaplessness, the inertness of failures."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.answers.timeline import timeline
from analyzer.history.history import History
from analyzer.history.naming import Named
from analyzer.recovery.copies import Kind
from analyzer.recovery.held import Held
from analyzer.timeline import breakpoints
from tests.replayed import Replayed, facts_of
from tests.simulator.world import AwsSimulator
from tests.strategies import moments, worlds

INDEXES = {"entry", "twins"}
quick = settings(max_examples=120, deadline=None)


def everything(replayed: Replayed) -> dict[str, Any]:
    """Answer every question about every resource, ledger indexes aside."""
    history = replayed.history
    named = [Named(kind="key", id=arn) for arn in history.keys]
    named += [
        Named(kind="database", id=identity) for identity in sorted(history.groups.database_facts)
    ]
    return {
        one.id: without_entries(timeline(replayed.scope(timedelta(days=90)), one)) for one in named
    } | {"explained": without_entries(replayed.explain("orders", timedelta(days=90)))}


def without_entries(value: Any) -> Any:
    """Leave out ledger indexes, the one thing that depends on arrival; notes cite them too."""
    if isinstance(value, dict):
        return {name: without_entries(held) for name, held in value.items() if name not in INDEXES}
    if isinstance(value, str):
        return re.sub(r"[Ee]ntry \d+", "entry", value)
    return [without_entries(held) for held in value] if isinstance(value, list) else value


def with_history(world: AwsSimulator, history: History) -> Replayed:
    replayed = Replayed(world)
    replayed.history = history
    return replayed


@quick
@given(world=worlds(), seed=st.integers(0, 1000))
def test_the_same_records_in_any_order_and_doubled_give_the_same_answers(
    world: AwsSimulator, seed: int
) -> None:
    payloads = world.payloads()
    shuffled = [*payloads, *payloads[::3]]
    random.Random(seed).shuffle(shuffled)
    turned = with_history(world, History(facts_of(shuffled)))
    assert everything(turned) == everything(Replayed(world))


@quick
@given(world=worlds(), share=st.floats(0, 1))
def test_a_prefix_and_then_the_rest_equals_all_at_once(world: AwsSimulator, share: float) -> None:
    facts = facts_of(world.payloads())
    cut = int(len(facts) * share)
    prefix = History(facts[:cut])
    for identity in prefix.groups.database_facts:
        prefix.judgements(identity)  # what was replayed early must not linger
    grown = with_history(world, prefix.extended(facts[cut:]))
    assert everything(grown) == everything(Replayed(world))


@quick
@given(world=worlds())
def test_spans_follow_each_other_without_gap_or_overlap(world: AwsSimulator) -> None:
    for name, answer in everything(Replayed(world)).items():
        if name == "explained":
            continue
        spans = answer["spans"]
        assert spans[-1]["to"] is None
        for before, after in pairwise(spans):
            assert before["to"] == after["from"]
            assert before["from"] is None or before["from"] < before["to"]


@quick
@given(world=worlds(most=8), at=moments)
def test_a_failed_call_moves_nothing(world: AwsSimulator, at: timedelta) -> None:
    before = everything(Replayed(world))
    index = len(world.records)
    key = world.records[0]["responseElements"]["keyMetadata"]["arn"]
    world.record(
        "kms", "ScheduleKeyDeletion", at=at, request={"keyId": key},
        error=("KMSInvalidStateException", "refused"),
    )  # fmt: skip
    name = "orders"
    world.record(
        "rds", "DeleteDBInstance", at=at, request={"dBInstanceIdentifier": name},
        error=("InvalidDBInstanceStateFault", "refused"),
    )  # fmt: skip
    assert len(world.records) == index + 2
    after = everything(Replayed(world))
    for resource, answer in before.items():
        if resource != "explained":
            assert after[resource]["spans"] == answer["spans"]
    changed = {"known_at", "at"}
    assert {k: v for k, v in after["explained"].items() if k not in changed} == {
        k: v for k, v in before["explained"].items() if k not in changed
    }


@quick
@given(world=worlds(), at=moments)
def test_an_explanation_agrees_with_itself(world: AwsSimulator, at: timedelta) -> None:
    replayed = Replayed(world)
    found = replayed.explain("orders", at)
    conditions = {copy["condition"] for copy in found["copies"]}
    if found["verdict"] == "unrecoverable":
        assert conditions <= {"dead", "gone"}
        lost = found["unrecoverable"]
        assert lost["since"] <= found["at"]
        assert found["cause"] is not None
        if lost["basis"] == "observed":
            assert lost["earliest"] == lost["latest"] == lost["since"]
    else:
        assert found["unrecoverable"] is None
        assert found["decisive"] == []
    if found["verdict"] == "recoverable":
        assert "usable" in conditions
    if found["verdict"] == "recoverable-with-action":
        assert "latent" in conditions
        assert "usable" not in conditions
    row = replayed.database("orders", at)
    assert row["verdict"] == found["verdict"]
    assert row["status"] == found["in_place"]["status"]
    assert all(one["at"] > found["at"] for one in found["forecast"])


@quick
@given(world=worlds(), at=moments)
def test_what_is_forecast_is_what_the_clocks_bring_if_nobody_acts(
    world: AwsSimulator, at: timedelta
) -> None:
    replayed = Replayed(world)
    scope = replayed.scope(at)
    idle = with_history(world, replayed.history.until(scope.at))
    for one in idle.explain("orders", at)["forecast"]:
        if one["what"] == "database-unrecoverable":
            then = idle.timeline("orders", timedelta(days=400))["spans"]
            lost = [span for span in then if span["verdict"] == "unrecoverable"]
            assert lost[0]["from"] == one["at"]


@settings(max_examples=40, deadline=None)
@given(world=worlds())
def test_what_is_held_as_time_goes_on_is_what_there_is_at_each_moment(world: AwsSimulator) -> None:
    history = Replayed(world).history
    for identity in history.groups.database_facts:
        copies = history.copies(identity)
        held = Held(copies)
        for at in breakpoints(copies):
            held.move_to(at)
            there = [state for copy in copies if (state := copy.at(at)) is not None]
            counting = [state for state in there if state.kind is not Kind.EXPORT]
            left = [state for state in counting if not state.condition.is_lost]
            assert held.conditions == {state.condition for state in counting}
            assert held.living == left
            assert held.is_endless == any(state.limit is None for state in left)
            assert [held.volume] == [state for state in there if state.kind is Kind.VOLUME]
