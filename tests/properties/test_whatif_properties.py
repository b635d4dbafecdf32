"""Properties of what-if: it changes what it is told to, and agrees with `decisive`."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings

from analyzer.answers.whatif import Changes, whatif
from analyzer.counterfactual.counterfactual import imagined
from tests.replayed import Replayed
from tests.simulator.world import AwsSimulator
from tests.strategies import worlds

quick = settings(max_examples=60, deadline=None)
LATE = timedelta(days=90)


@quick
@given(world=worlds())
def test_nothing_imagined_changes_nothing(world: AwsSimulator) -> None:
    scope = Replayed(world).scope(LATE)
    found = whatif(scope, Changes(), scope.at, is_end=False)
    assert found["changes"] == found["dropped"] == []
    assert imagined(scope.history, ()).dropped == ()


@quick
@given(world=worlds())
def test_crossing_an_event_out_saves_the_data_exactly_where_it_is_decisive(
    world: AwsSimulator,
) -> None:
    replayed = Replayed(world)
    explained = replayed.explain("orders", LATE)
    if explained["verdict"] != "unrecoverable":
        return
    scope = replayed.scope(LATE)
    decisive = {one["entry"] for one in explained["decisive"]}
    for cited in explained["chain"] + explained["decisive"]:
        changes = Changes(skip=[f"#{cited['entry']}"])
        found = whatif(scope, changes, scope.at, is_end=False)["changes"]
        mine = [one for one in found if one["id"] == explained["resource_id"]]
        verdict = mine[0]["hypothetical"] if mine else {"verdict": "unrecoverable"}
        if verdict is not None and verdict["verdict"] != "unknown":
            saves = verdict["verdict"] != "unrecoverable"
            assert saves is (cited["entry"] in decisive)


@quick
@given(world=worlds())
def test_what_is_crossed_out_and_put_in_again_changes_nothing(world: AwsSimulator) -> None:
    replayed = Replayed(world)
    scope = replayed.scope(LATE)
    for fact in scope.history.groups.facts[-3:]:
        payload = world.payloads()[fact.evidence.entry]
        without = imagined(scope.history, [fact.evidence.entry])
        assert all(one.evidence.entry != fact.evidence.entry for one in without.dropped)
        known = whatif(scope, Changes(insert=[payload]), scope.at, is_end=False)
        assert known["changes"] == known["added"] == []
