"""Facts of some kinds are what a look at all of them would find."""

from __future__ import annotations

import json
from types import UnionType

import pytest

from analyzer.history.kinds import Kinds
from analyzer.resources.kms_alias import AliasEvent
from analyzer.resources.kms_key.events import KeyCreated, KeyEvent
from analyzer.resources.rds_database.events import DatabaseEvent, GlobalRenamed
from analyzer.resources.rds_snapshot import SnapshotCreated
from tests.golden import ROOT
from tests.replayed import facts_of

SAMPLES = sorted(ROOT.glob("samples/*/*.json"))


@pytest.mark.parametrize(
    "kinds",
    [
        (KeyCreated,),
        (GlobalRenamed,),
        (AliasEvent,),
        (KeyEvent, KeyCreated),
        (SnapshotCreated, DatabaseEvent),
        (),
    ],
    ids=str,
)
def test_kinds_are_found_in_order_and_once(kinds: tuple[type | UnionType, ...]) -> None:
    facts = facts_of(json.dumps(json.loads(path.read_bytes())).encode() for path in SAMPLES)
    assert facts
    assert Kinds(facts).of(*kinds) == [
        fact for fact in facts if any(isinstance(fact.event, kind) for kind in kinds)
    ]
