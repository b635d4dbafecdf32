"""Random histories of several keys and databases: the product beside an independent model.

The model (tests/model) was written from the pages that describe AWS, without the product's code. A
random driver makes calls on an account that it plays: keys of one Region and of several, instances,
clusters with members, global databases, blue/green deployments, copies of all of them, restores.
What a history tells is compared at random moments: of each key state and deletion date, of each
database the verdict, since when it is unrecoverable and how that is known, the status, the last
moment to act, the copies and who is accountable.

Two hundred histories take a few seconds. Ten thousand, in ten tests that several processes can
share, take some minutes:

    python -m pytest -m long tests/properties/test_model.py -n 2
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, note, settings
from hypothesis import strategies as st

from analyzer.history.component import component
from analyzer.history.history import History
from analyzer.timeline import Basis
from analyzer.timeline import Known as Dated
from tests.model.aws import REC, TERM
from tests.model.compare import Beside, databases
from tests.model.drive import Pick
from tests.model.driver import CALLS, KINDS, WAITS, Start, drive
from tests.model.known import Known
from tests.model.script import DAY, HOUR, Script, play, printed
from tests.properties.test_replay_properties import without_entries
from tests.replayed import Replayed, facts_of

OFFSETS = (0, 1, 30, 2 * HOUR + 5, DAY, 7 * DAY, 7 * DAY + 121, 8 * DAY + 1, 40 * DAY)


class Question(NamedTuple):
    """A moment to ask about: so long after a step of the script, counted from its end."""

    step: int
    offset: int


picks = st.builds(
    Pick,
    wait=st.integers(0, len(WAITS) - 1),
    call=st.integers(0, len(CALLS) - 1),
    which=st.integers(0, 11),
    other=st.integers(0, 63),
    luck=st.sampled_from([0, 3]) | st.integers(0, 4095),
)
starts = st.builds(
    Start,
    keys=st.lists(st.integers(0, len(KINDS) - 1), min_size=1, max_size=3).map(tuple),
    databases=st.lists(picks, min_size=1, max_size=3).map(tuple),
)
questions = st.lists(
    st.builds(Question, st.integers(0, 60), st.sampled_from(OFFSETS)), min_size=4, max_size=4
)


histories = st.lists(picks, max_size=30) | st.lists(picks, min_size=20, max_size=40)


def moments(script: Script, asked: list[Question]) -> list[int]:
    return sorted({script[-1 - one.step % len(script)].at + one.offset for one in asked})


def assert_alike(start: Start, calls: list[Pick], asked: list[Question]) -> None:
    script = drive(start, calls).script
    note(printed(script))
    aws, made = play(script)
    beside = Beside(Known(script), Replayed(aws), made)
    found = {at: beside.differences(at) for at in moments(script, asked)}
    assert {at: these for at, these in found.items() if these} == {}


def _pick(call: int, which: int = 0, other: int = 0) -> Pick:
    return Pick(wait=0, call=call, which=which, other=other, luck=0)


@settings(max_examples=200, deadline=None)
@example(  # what is changed of a blue database is not changed of the green one
    start=Start(keys=(0,), databases=(_pick(1, other=8),)),
    calls=[_pick(62), _pick(31, other=4), _pick(64), *[_pick(0)] * 9, _pick(32, 1, 8)],
    asked=[Question(0, 0)],
)
@example(  # a member of an Aurora cluster tells of a loss, and of its end before anything followed
    start=Start(keys=(0,), databases=(_pick(0),) * 3),
    calls=list(map(_pick, (0, 0, 0, 2, 2, 0, 0, 0, 2, 52, 0, 0, 0, 2))),
    asked=[Question(0, 0)],
)
@given(start=starts, calls=histories, asked=questions)
def test_the_model_gives_the_same_answers(
    start: Start, calls: list[Pick], asked: list[Question]
) -> None:
    assert_alike(start, calls, asked)


@pytest.mark.long
@pytest.mark.parametrize("batch", range(10))
def test_the_model_gives_the_same_answers_to_ten_thousand_histories(
    batch: int,
) -> None:
    @settings(max_examples=1000, deadline=None, database=None)
    @given(start=starts, calls=histories, asked=questions)
    def ask(start: Start, calls: list[Pick], asked: list[Question]) -> None:
        assert_alike(start, calls, asked)

    ask()


@settings(max_examples=100, deadline=None)
@given(start=starts, calls=histories)
def test_what_really_happened_lies_within_the_bounds(start: Start, calls: list[Pick]) -> None:
    account = drive(start, calls)
    note(printed(account.script))
    aws, made = play(account.script)
    replayed = Replayed(aws)
    for at, name, status in account.truth:
        if status in {REC, TERM} and is_told(replayed, made[name]):
            said = replayed.explain(made[name].resource_id, timedelta(minutes=at))["in_place"]
            assert said["status"] == status
            assert_within(said, replayed.time(timedelta(minutes=at)))
    for at, name in account.key_truth:
        said = replayed.key(made[name].arn, timedelta(minutes=at))
        assert said["state"] == "Deleted"
        assert_within(said, replayed.time(timedelta(minutes=at)))


def is_told(replayed: Replayed, made: Any) -> bool:
    """Whether any record tells the id of a database; of a green one, none may."""
    return made.resource_id in replayed.history.groups.database_facts


def assert_within(said: dict[str, Any], really: str) -> None:
    assert said["earliest"] <= really
    assert said["latest"] is None or really <= said["latest"]
    if said["basis"] in {"observed", "derived"}:
        assert said["since"] == really


@settings(max_examples=50, deadline=None)
@given(start=starts, calls=histories, asked=questions, seed=st.integers(0, 1000))
def test_the_order_of_the_records_of_a_driven_account_changes_no_answer(
    start: Start, calls: list[Pick], asked: list[Question], seed: int
) -> None:
    script = drive(start, calls).script
    note(printed(script))
    aws, made = play(script)
    straight, turned = Replayed(aws), Replayed(aws)
    payloads = aws.payloads()
    random.Random(seed).shuffle(payloads)
    turned.history = History(facts_of(payloads))
    assert set(turned.history.groups.database_facts) == set(straight.history.groups.database_facts)
    for at in moments(script, asked):
        told = (made[name] for name in databases(script, at) if is_told(straight, made[name]))
        there = [one.resource_id for one in told]
        when = timedelta(minutes=at)
        assert [without_entries(turned.explain(one, when)) for one in there] == [
            without_entries(straight.explain(one, when)) for one in there
        ]


@settings(max_examples=25, deadline=None)
@given(start=starts, calls=histories)
def test_a_component_judges_its_database_as_the_whole_account_does(
    start: Start, calls: list[Pick]
) -> None:
    script = drive(start, calls).script
    note(printed(script))
    history = Replayed(play(script)[0]).history
    identities = list(history.groups.database_facts)
    together = component(history, *identities[::2])
    for place, identity in enumerate(identities):
        for part in (component(history, identity), *[together][place % 2 :]):
            assert part.judgements(identity) == history.judgements(identity)
            assert part.copies(identity) == history.copies(identity)


@settings(max_examples=50, deadline=None)
@given(start=starts, calls=histories)
def test_every_statement_that_no_record_makes_names_its_rule(
    start: Start, calls: list[Pick]
) -> None:
    aws, made = play(drive(start, calls).script)
    history = Replayed(aws).history
    stated: list[Dated | None] = [
        state.since for arn in history.groups.key_facts for state in history.key(arn).values
    ]
    for name in made:
        identity = getattr(made[name], "resource_id", None)
        if identity is None or identity not in history.groups.database_facts:
            continue
        states = history.database(identity).values
        stated += [state.since for state in states]
        stated += [moment for state in states for moment in (state.enters, state.terminal)]
        stated += [state.since for copy in history.copies(identity) for state in copy.values]
        stated += [one.unrecoverable for one in history.judgements(identity).values]
    for known in stated:
        is_stated = known is None or known.basis is Basis.OBSERVED
        assert is_stated or (known is not None and known.ground is not None), known
