"""Many ledgers and one, with the same records: the same answers."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analyzer.case import Case
from analyzer.fleet.fleet import Fleet
from tests.fleets import files_of_stories, fleet_of, fleet_of_stories, seal, sealed, told
from tests.simulator.world import AwsSimulator
from tests.strategies import worlds
from tests.warehoused import NOW

QUERIES = (
    "SELECT * EXCLUDE (entry_index, source) FROM events ORDER BY ALL",
    "SELECT * EXCLUDE (entry_index, root_entry_index) FROM database_spans ORDER BY ALL",
    "SELECT * EXCLUDE (entry_index, root_entry_index) FROM key_spans ORDER BY ALL",
    "SELECT * EXCLUDE (entry_index, root_entry_index) FROM copy_spans ORDER BY ALL",
    "SELECT * EXCLUDE (entry_index, last_entry_index) FROM usage ORDER BY ALL",
    "SELECT * EXCLUDE (entry_index) FROM aliases ORDER BY ALL",
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A fleet of all stories, and one ledger of the same files."""
    folder = tmp_path_factory.mktemp("stories")
    alone = folder / "alone.db"
    seal(alone, [path for paths in files_of_stories().values() for path in paths])
    fleet = fleet_of_stories(folder / "fleet")
    sealed(fleet)
    return fleet, alone


def test_the_stories_by_account_and_region_are_answered_as_from_one_ledger(
    both: tuple[Path, Path],
) -> None:
    with Fleet.open(both[0]) as fleet, Case.open(both[1]) as case:
        assert len(fleet.shards) == 4
        assert dict(told(fleet)) == dict(told(case))


@pytest.mark.parametrize("query", QUERIES, ids=lambda sql: sql.partition("FROM ")[2].split()[0])
def test_the_stories_by_account_and_region_are_queried_as_one_ledger(
    both: tuple[Path, Path], query: str
) -> None:
    with (
        Fleet.open(both[0]) as fleet,
        Case.open(both[1]) as case,
        fleet.query(query, {}, now=NOW) as many,
        case.query(query, {}, now=NOW) as one,
    ):
        assert list(many) == list(one)


@settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(world=worlds(), seed=st.integers(0, 1000))
def test_records_spread_over_shards_in_any_way_are_answered_as_from_one_ledger(
    world: AwsSimulator, seed: int
) -> None:
    _alike(world, seed)


@pytest.mark.long
@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(world=worlds(most=25), seed=st.integers(0, 1000))
def test_more_records_spread_over_shards_in_any_way_are_answered_as_from_one_ledger(
    world: AwsSimulator, seed: int
) -> None:
    _alike(world, seed)


def _alike(world: AwsSimulator, seed: int) -> None:
    """Also where several shards hold the same record, as trails of an organisation do."""
    payloads, chance = world.payloads(), random.Random(seed)
    names = [f"{account:012}/eu-west-1" for account in range(3)]
    parts = {name: [one for one in payloads if chance.random() < 0.5] for name in names}
    parts[names[0]] += payloads
    chance.shuffle(parts[names[0]])
    with TemporaryDirectory() as made:
        folder = Path(made)
        fleet_of(folder / "fleet", {name: found for name, found in parts.items() if found})
        fleet_of(folder, {"alone": payloads})
        if payloads:
            with Fleet.open(folder / "fleet") as fleet, Case.open(folder / "alone.db") as case:
                assert dict(told(fleet)) == dict(told(case))
