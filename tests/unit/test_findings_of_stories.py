"""The stories: what is found at the end of each, and which rules have nothing to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer import moment
from analyzer.answers.shape import Scope
from analyzer.findings.findings import find
from analyzer.history.history import History
from analyzer.rules import RULES
from tests.golden import Golden
from tests.replayed import facts_of
from tests.simulator.reading import delivered
from tests.simulator.stories import STORIES

SHELF = Path(__file__).parents[2] / "samples" / "stories"
GOLDEN = Path(__file__).parents[1] / "golden" / "findings"


def told(story: str) -> str:
    history = History(facts_of(delivered(SHELF / story)))
    end = history.end
    assert end is not None
    found = find(Scope(history=history, at=end, known_at=len(history.groups.facts)))
    lines = [
        f"{moment.text(one.since)} {'open' if one.is_open else moment.text(one.until or 0)} "
        f"{one.severity.value} {one.rule} {one.resource}\n  {one.detail}\n"
        for one in found
    ]
    silent = sorted({module.RULE.name for module in RULES} - {one.rule for one in found})
    return "".join(lines) + "".join(f"silent: {name}\n" for name in silent)


@pytest.mark.parametrize("story", [story.NAME for story in STORIES])
def test_a_story_holds_these_findings_and_no_others(story: str, golden: Golden) -> None:
    golden.same(GOLDEN / f"{story}.txt", told(story))
