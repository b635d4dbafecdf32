"""Rules that were asked for instead of those in force, and records that no rule reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer.case import Case
from analyzer.errors import UnknownRulesError
from analyzer.moment import HOUR
from analyzer.recovery.rules import ERAS
from tests.cli.terminal import keyledger
from tests.replayed import spelled
from tests.situations import Setup, h, lose, made
from tui.console import ExitCode

NOW = 1_800_000_000_000_000
NAMES = [rules.name for rules in ERAS]
RECOVERABLE = "inaccessible-encryption-credentials-recoverable"
TERMINAL = "inaccessible-encryption-credentials"


def sealed(folder: Path, *payloads: bytes) -> Case:
    """A case that holds these payloads."""
    (folder / "records.jsonl").write_bytes(b"\n".join(payloads) + b"\n")
    case = Case.open_or_create(folder / "case.db", NOW)
    case.ingest([str(folder / "records.jsonl")], clock=lambda: NOW + HOUR)
    return case


def lost() -> Setup:
    setup = made()
    lose(setup)
    return setup


def answers(case: Case, at: str, rules: str | None) -> list[dict[str, Any]]:
    return [
        case.state(None, at, None, NOW, rules),
        case.explain("orders", at, None, NOW, rules),
        case.timeline("orders", at, None, NOW, rules),
        case.blast("alias/orders", at, None, NOW, rules),
        case.diff("end", at, None, NOW, rules),
    ]


@pytest.mark.parametrize(
    ("rules", "status"),
    [
        (None, "available"),
        ("two-hours", "available"),
        ("seven-days", RECOVERABLE),
        ("terminal-at-once", TERMINAL),
    ],
)
def test_a_loss_an_hour_ago_is_judged_by_the_rules_asked_for(
    tmp_path: Path, rules: str | None, status: str
) -> None:
    setup = lost()
    at = spelled(setup.aws.start + h(1))
    with sealed(tmp_path, *setup.aws.payloads()) as case:
        state, explained, timeline, *_ = answers(case, at, rules)
    assert state["databases"][0]["status"] == status
    assert explained["in_place"]["status"] == status
    assert timeline["spans"][-1]["state"] == status
    assert explained["rules"]["name"] == (rules or "two-hours")


def test_every_answer_says_by_which_rules_it_was_asked_to_judge(tmp_path: Path) -> None:
    setup = lost()
    with sealed(tmp_path, *setup.aws.payloads()) as case:
        asked = answers(case, "end", "seven-days")
        usual = answers(case, "end", None)
    assert {answer["rules"]["name"] for answer in asked} == {"seven-days"}
    assert [answer["rules"] for answer in usual if "verdict" not in answer] == [None] * 4


def test_an_unknown_era_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with sealed(tmp_path, *lost().aws.payloads()) as case:
        with pytest.raises(UnknownRulesError) as caught:
            answers(case, "end", "Two-Hours")
        assert caught.value.names == tuple(NAMES)


@pytest.mark.parametrize("command", ["state", "explain", "timeline", "blast", "diff"])
def test_help_names_every_era(command: str) -> None:
    done = keyledger(command, "--help")
    assert done.code is ExitCode.DONE
    assert all(name in "".join(done.out.split()) for name in NAMES)


def test_what_nobody_knows_is_counted_and_listed_as_far_as_it_was_known(tmp_path: Path) -> None:
    setup = made()
    known = setup.aws.payloads()
    unheard = {**setup.aws.records[0], "eventName": "PawnKey", "eventID": "e-1"}
    with sealed(tmp_path, *known, json.dumps(unheard).encode()) as case:
        [row] = case.custody.undecoded(None, NOW)
        assert (row["service"], row["event_name"], row["entry"]) == ("kms", "PawnKey", len(known))
        assert case.state(None, "end", None, NOW)["undecoded"] == 1
        assert list(case.custody.undecoded(f"#{len(known)}", NOW)) == []
        assert case.state(None, "end", f"#{len(known)}", NOW)["undecoded"] == 0


def test_a_range_of_time_may_be_given_in_either_order(tmp_path: Path) -> None:
    setup = lost()
    start = spelled(setup.aws.start - h(1))
    with sealed(tmp_path, *setup.aws.payloads()) as case:
        there = case.diff(start, "end", None, NOW)
        assert there == case.diff("end", start, None, NOW)
        assert there["from"] == start
        assert there["keys"]
