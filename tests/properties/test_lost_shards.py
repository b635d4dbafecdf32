"""Without a shard nothing is said that the whole fleet would not say.

Random histories of keys, databases and copies in several Regions, replayed once with all records
and once without those of one Region: a verdict is the same, or its doubt names what it really is.
"""

from __future__ import annotations

import json
from collections import defaultdict

import pytest
from hypothesis import given, note, settings

from analyzer.history.history import History
from analyzer.lost import Lost, Trouble
from analyzer.recovery.verdict import Judgement, Verdict
from tests.model.drive import Pick
from tests.model.driver import Start, drive
from tests.model.script import play, printed
from tests.properties.test_model import histories, starts
from tests.replayed import facts_of


def parts_of(payloads: list[bytes]) -> dict[str, list[bytes]]:
    """Return records by the shard in which they would be sealed."""
    parts: dict[str, list[bytes]] = defaultdict(list)
    for payload in payloads:
        body = json.loads(payload)
        account = body.get("recipientAccountId") or body["account"]
        parts[f"{account}/{body.get('awsRegion') or body['region']}"].append(payload)
    return parts


def without(parts: dict[str, list[bytes]], name: str) -> History:
    """Return what is known without a shard."""
    lost = Lost(number=1, name=name, trouble=Trouble.MISSING, detail="it is not there")
    kept = [one for other, payloads in parts.items() if other != name for one in payloads]
    return History(facts_of(kept), unvouched=(lost.unvouched(),))


def is_allowed(really: Judgement, said: Judgement) -> bool:
    """Whether what is said without a shard leaves room for what really is."""
    if said.doubt is not None:
        return really.verdict in {said.doubt.seen, *said.doubt.could_be}
    if said.verdict is Verdict.UNKNOWN:
        return True
    when = [None if one.unrecoverable is None else one.unrecoverable.at for one in (said, really)]
    return said.verdict is really.verdict and when[0] == when[1]


def assert_nothing_is_claimed(start: Start, calls: list[Pick]) -> None:
    script = drive(start, calls).script
    note(printed(script))
    parts = parts_of(play(script)[0].payloads())
    whole = History(facts_of([one for payloads in parts.values() for one in payloads]))
    for name in parts:
        rest = without(parts, name)
        for identity in rest.groups.database_facts.keys() & whole.groups.database_facts.keys():
            really, said = whole.judgements(identity), rest.judgements(identity)
            for at in {*really.starts, *said.starts}:
                one, other = really.at(at), said.at(at)
                if one is None or other is None:
                    continue
                assert is_allowed(one, other), (name, identity, at, one, other)


@settings(max_examples=60, deadline=None)
@given(start=starts, calls=histories)
def test_a_lost_region_leaves_no_verdict_that_the_whole_fleet_denies(
    start: Start, calls: list[Pick]
) -> None:
    assert_nothing_is_claimed(start, calls)


@pytest.mark.long
@settings(max_examples=1500, deadline=None)
@given(start=starts, calls=histories)
def test_a_lost_region_leaves_no_such_verdict_in_many_more_histories(
    start: Start, calls: list[Pick]
) -> None:
    assert_nothing_is_claimed(start, calls)
