"""A state that was sealed: shown to a stranger, derived again from the ledger, and forged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyzer.case import Case
from analyzer.cloudtrail.record import content, identify
from analyzer.errors import RestatedError, UnknownResourceError, UnknownSealError
from analyzer.moment import parse_iso
from analyzer.proof.comparing import compared
from analyzer.proof.proving import StateQuestion
from analyzer.proof.sealing import PROJECTION
from analyzer.proof.verifying import verification_of
from ledger.admission import Candidate
from ledger.entry import OWN_LANE, Kind
from ledger.exhibit import Exhibit
from ledger.hashing import sha256
from ledger.proof import Proof
from ledger.seal import prove_row, seal_of
from ledger.spelling import Json, spell_json
from ledger.verification import Verification
from tests.cli.terminal import keyledger
from tests.golden import ROOT

STORY = ROOT / "samples/stories/payroll-key-deleted"
THEN = "2026-03-04T07:33:40Z"
CODE = "keyledger 1"
NOW = parse_iso("2026-07-01T00:00:00Z") or 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "case.db"
    with Case.open_or_create(path, NOW) as case:
        case.ingest([str(STORY)], clock=lambda: NOW)
        case.custody.seal_state(THEN, None, NOW, None, CODE)
    return path


def proved(path: Path, resource: str | None, at: str | None = None, size: str | None = None) -> Any:
    with Case.open(path) as case:
        question = StateQuestion(resource=resource, at=at, known_at=size, now=NOW)
        return case.custody.prove_state(question, None)


def comparing(path: Path, code: str = CODE) -> Callable[[Verification], Any]:
    return lambda found: compared(found, path, code, NOW)


def verified(document: Any, folder: Path, path: Path | None = None, code: str = CODE) -> Any:
    (folder / "proof").write_text(document["proof"])
    (folder / "kept").write_text(document["checkpoint"]["note"])
    compare = None if path is None else comparing(path, code)
    return verification_of(folder / "proof", folder / "kept", None, None, compare)


def findings(document: Any) -> dict[str, str]:
    return {one["check"]: one["finding"] for one in document["checks"]}


def test_what_was_said_of_a_key_then_is_shown_to_a_stranger(path: Path, tmp_path: Path) -> None:
    with Case.open(path) as case:
        [key] = case.state("96210f47-394e-4169-ab22-154a166a7aa7", THEN, "#280", NOW)["keys"]
    found = verified(proved(path, key["key_id"]), tmp_path)
    assert found["outcome"] == "valid"
    assert findings(found)["row"] == "holds"
    state = found["state"]
    assert (state["at"], state["size"], state["code"]) == (THEN, 280, CODE)
    assert state["row"] == {"row": "key", **key}
    assert state["row"]["state"] == "PendingDeletion"


def test_what_was_said_of_a_database_too(path: Path, tmp_path: Path) -> None:
    found = verified(proved(path, "payroll"), tmp_path)
    assert (found["outcome"], found["state"]["row"]["verdict"]) == (
        "valid",
        "recoverable-with-action",
    )


def test_a_replay_elsewhere_derives_it_again(path: Path, tmp_path: Path) -> None:
    found = verified(proved(path, "payroll"), tmp_path, path)
    assert found["outcome"] == "valid"
    assert findings(found)["replay"] == "holds"
    alone = verification_of(tmp_path / "proof", None, None, None, comparing(path))
    assert alone["outcome"] == "valid"


def test_the_same_state_is_sealed_once_and_a_later_one_is_another(path: Path) -> None:
    with Case.open(path) as case:
        assert case.custody.seal_state(THEN, "#280", NOW, None, CODE)["seal"]["entry"] == 280
        assert case.custody.seal_state(THEN, None, NOW, None, CODE)["seal"]["entry"] == 281
    assert proved(path, None)["state"]["size"] == 281
    assert proved(path, None, THEN, "#280")["entry"]["index"] == 280


def test_what_was_never_sealed_cannot_be_proved(path: Path, tmp_path: Path) -> None:
    for at, size in (("2026-03-05", None), (THEN, "#17")):
        with pytest.raises(UnknownSealError):
            proved(path, None, at, size)
    with pytest.raises(UnknownResourceError):
        proved(path, "nobody")
    Case.open_or_create(tmp_path / "empty.db", NOW).close()
    with pytest.raises(UnknownSealError):
        proved(tmp_path / "empty.db", None)


def test_a_redaction_after_the_seal_makes_a_replay_impossible_and_contradicts_nothing(
    path: Path, tmp_path: Path
) -> None:
    kept = proved(path, "payroll")
    with Case.open(path) as case:
        cause = case.explain("payroll", THEN, None, NOW)["root_cause"]["entry"]
        case.custody.redact([cause], "personal data", keeps=True, key_file=None, now=NOW)
    found = verified(kept, tmp_path, path)
    assert (found["outcome"], findings(found)["replay"]) == ("incomplete", "unchecked")
    assert "redacted since it was sealed" in found["checks"][-1]["detail"]
    assert verified(kept, tmp_path)["outcome"] == "valid"
    with pytest.raises(RestatedError) as refused:
        proved(path, "payroll")
    assert refused.value.redacted == (cause,)


def test_a_redaction_before_the_seal_is_no_excuse(path: Path, tmp_path: Path) -> None:
    with Case.open(path) as case:
        cause = case.explain("payroll", THEN, None, NOW)["root_cause"]["entry"]
        case.custody.redact([cause], "personal data", keeps=True, key_file=None, now=NOW)
        case.custody.seal_state(THEN, None, NOW, None, CODE)
    found = verified(proved(path, "payroll"), tmp_path, path)
    assert findings(found)["replay"] == "holds"


def forge(path: Path, rows: list[dict[str, Json]], code: str = CODE) -> int:
    """Seal a state that this ledger never had; whoever can write it can do that."""
    spelled = [spell_json(row) for row in rows]
    seal = seal_of(
        spelled,
        projection=PROJECTION,
        code=code,
        size=280,
        question={"at": THEN, "rules": None},
    )
    payload = seal.encode()
    candidate = Candidate(
        kind=Kind.SEAL,
        source=sha256(payload),
        position=0,
        offset=0,
        payload=payload,
        lane=OWN_LANE,
    )
    with Case.open(path) as case:
        case.ledger.append([candidate], sealed_at=NOW, identify=identify, content=content)
        return case.ledger.size - 1


def test_a_forged_state_is_seen_by_a_replay(path: Path, tmp_path: Path) -> None:
    forge(path, [{"row": "key", "arn": "arn:x", "state": "Enabled"}])
    found = verified(proved(path, None), tmp_path, path)
    assert (found["outcome"], findings(found)["replay"]) == ("broken", "contradicts")
    other = verified(proved(path, None), tmp_path, path, "keyledger 2")
    assert (other["outcome"], findings(other)["replay"]) == ("incomplete", "unchecked")
    with pytest.raises(RestatedError):
        proved(path, "payroll")


def test_another_ledger_at_hand_contradicts(path: Path, tmp_path: Path) -> None:
    document = proved(path, "payroll")
    other = tmp_path / "other.db"
    with Case.open_or_create(other, NOW) as case:
        case.ingest([str(STORY)], clock=lambda: NOW)
    found = verified(document, tmp_path, other)
    assert (found["outcome"], findings(found)["ledger"]) == ("broken", "contradicts")


ODD: list[Json] = [None, 7, "text", [], {}, {"row": 7}, {"row": "key", "state": ["[red]"]}]


@pytest.mark.parametrize("row", ODD, ids=str)
def test_a_row_of_any_shape_is_only_shown(path: Path, tmp_path: Path, row: Json) -> None:
    """A proof comes from strangers: what it says is data, whatever it says."""
    document = proved(path, "payroll")
    proof = Proof.parse(document["proof"])
    exhibit = Exhibit.decode(proof.extra or b"")
    spelled = spell_json(row)
    seal = seal_of(
        [spelled], projection="x", code="\x1b[2J", size=1, question={"at": row, "rules": row}
    )
    forged = replace(exhibit, payload=seal.encode(), row=prove_row([spelled], spelled))
    (tmp_path / "forged").write_text(str(replace(proof, extra=forged.encode())))
    for format_ in ("table", "json", "jsonl", "csv", "markdown"):
        told = keyledger("verify", str(tmp_path / "forged"), "--format", format_)
        assert told.code.value == 4
        assert "\x1b" not in told.out
    found = json.loads(keyledger("verify", str(tmp_path / "forged"), "--format", "json").out)
    assert found["state"]["row"] == (row if isinstance(row, dict) else None)
