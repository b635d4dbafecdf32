"""The samples: one record for each event name that is decoded, and for no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.reader import DECODERS, decode, read
from analyzer.resource import Fact
from tests.simulator.samples import build

SAMPLES = Path(__file__).parents[2] / "samples"
SHELVES = {"backup", "cloudtrail", "kms", "rds"}
PATHS = sorted(path for shelf in SHELVES for path in (SAMPLES / shelf).iterdir())
IDS = [path.relative_to(SAMPLES).as_posix() for path in PATHS]


def test_every_decoded_event_name_has_a_sample_and_every_sample_is_decoded() -> None:
    sampled = set()
    for path in PATHS:
        record = read(0, path.read_bytes())
        assert record is not None, path
        sampled.add((record.service, record.name))
    assert sampled == set(DECODERS)
    assert len(sampled) == len(PATHS)


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_a_sample_states_a_fact(path: Path) -> None:
    record = read(0, path.read_bytes())
    assert record is not None
    assert isinstance(decode(record), Fact)


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_a_sample_stands_under_the_name_of_its_event(path: Path) -> None:
    record = read(0, path.read_bytes())
    assert record is not None
    assert path.stem == record.name.replace(" ", "-")
    assert path.parent.name == record.service


def test_the_samples_are_what_the_simulator_writes() -> None:
    lying = {path.relative_to(SAMPLES): path.read_bytes() for path in PATHS}
    assert lying == build(), "python -m tests.simulator.samples"


@pytest.mark.parametrize("path", PATHS, ids=IDS)
def test_a_sample_is_readable_by_people(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
