"""Provenance: AWS's signature reaches an entry, in an answer and in a proof without the ledger."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyzer.case import Case
from analyzer.digests.keys import read_keys
from analyzer.proof.provenance import checks
from analyzer.proof.verifying import verification_of
from ledger.exhibit import Exhibit
from ledger.proof import Proof
from tests.digest_support import KEYS, SIGNER, Estate, estate
from tests.simulator.digests import public_keys
from tests.simulator.signer import Signer

OTHER = read_keys([("other", public_keys(Signer.of("somebody else")))])


@pytest.fixture(scope="module")
def trail(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    return estate(tmp_path_factory.mktemp("trail") / "logs")


@pytest.fixture(scope="module")
def case(trail: Estate) -> Iterator[Case]:
    path = trail.folder.parent / "case.db"
    with Case.open_or_create(path, 1, bytes) as opened:
        opened.ingest([str(trail.folder)], clock=lambda: 1)
        yield opened


def _created(case: Case) -> int:
    """Return the entry of the record that made the database."""
    for entry in case.ledger.entries():
        if b'"CreateDBInstance"' in (entry.payload or b""):
            return entry.header.index
    raise AssertionError


def _proof(case: Case) -> Proof:
    return Proof.parse(case.custody.prove(f"#{_created(case)}", None, KEYS)["proof"])


def _exhibit(case: Case) -> Exhibit:
    return Exhibit.decode(_proof(case).extra or b"")


def _changed(exhibit: Exhibit, step: str, change: Callable[[dict[str, Any]], object]) -> Exhibit:
    steps = [dict(one) for one in exhibit.provenance]
    change(next(one for one in steps if one["step"] == step))
    return replace(exhibit, provenance=tuple(steps))


def _found(exhibit: Exhibit | None, keys: Any = KEYS) -> list[tuple[str, str]]:
    return [(one.name, one.finding.value) for one in checks(exhibit, keys)]


def test_explain_tells_the_way_of_every_record_that_it_cites(tmp_path: Path) -> None:
    story = Path(__file__).parents[2] / "samples/stories/quiet-trail"
    keys = story.parents[1] / "cloudtrail-public-keys.json"
    with Case.open_or_create(tmp_path / "case.db", 1, bytes) as case:
        case.ingest([str(story)], clock=lambda: 1)
        told = case.explain("claims", "end", None, 1, keys=read_keys([("keys", keys.read_bytes())]))
        [row] = told["provenance"]
        header = case.ledger.entry(row["entry"]).header
    assert row["entry"] == told["root_cause"]["entry"]
    assert row["signature"] == "valid"
    assert row["log_file"].endswith(row["source"].rpartition("/")[2])
    assert (row["sha256"], row["leaf"]) == (header.source.hex(), header.leaf.hex())
    assert row["checkpoint"] > row["entry"]


def test_a_proof_carries_the_digest_file_and_its_signature(case: Case) -> None:
    assert [step["step"] for step in _exhibit(case).provenance] == [
        "aws-signature", "digest-file", "log-file",
    ]  # fmt: skip
    assert _found(_exhibit(case)) == [("digest-file", "holds"), ("aws-signature", "holds")]


def test_without_the_public_key_that_it_names_the_signature_is_not_checked(case: Case) -> None:
    assert _found(_exhibit(case), OTHER) == [
        ("digest-file", "holds"),
        ("aws-signature", "unchecked"),
    ]


def test_an_edited_digest_file_is_not_what_was_signed(case: Case) -> None:
    def edit(step: dict[str, Any]) -> None:
        content = base64.b64decode(step["content"]).replace(b'"logFiles"', b'"logFiles" ')
        step["content"] = base64.b64encode(content).decode()

    edited = _changed(_exhibit(case), "digest-file", edit)
    assert _found(edited) == [("digest-file", "holds"), ("aws-signature", "contradicts")]


def test_a_digest_file_of_other_log_files_vouches_for_nothing(case: Case) -> None:
    exhibit = _exhibit(case)
    elsewhere = replace(exhibit, header=replace(exhibit.header, source=exhibit.header.payload))
    assert _found(elsewhere)[0] == ("digest-file", "contradicts")


@pytest.mark.parametrize("content", [None, "no base64", "bm8ganNvbg=="])
def test_what_is_no_digest_file_contradicts(case: Case, content: str | None) -> None:
    changed = _changed(_exhibit(case), "digest-file", lambda step: step.update(content=content))
    assert _found(changed) == [("digest-file", "contradicts")]


def test_where_nothing_names_the_source_nothing_is_checked(case: Case) -> None:
    assert _found(None) == [("digest-file", "unchecked")]
    assert _found(replace(_exhibit(case), provenance=())) == [("digest-file", "unchecked")]


def test_an_entry_whose_digest_file_is_the_newest_has_no_signature_in_its_proof(
    trail: Estate, tmp_path: Path
) -> None:
    cut = trail.copied(tmp_path / "logs")
    for path in cut.digests[1:]:
        path.unlink()
    with Case.open_or_create(tmp_path / "case.db", 1, bytes) as case:
        case.ingest([str(cut.folder)], clock=lambda: 1)
        assert _found(_exhibit(case)) == [("digest-file", "holds"), ("aws-signature", "unchecked")]


def test_verify_checks_it_only_if_keys_are_given(case: Case, tmp_path: Path) -> None:
    proof = tmp_path / "x.tlog-proof"
    proof.write_text(str(_proof(case)))
    alone = verification_of(proof, None, None)
    checked = verification_of(proof, None, None, KEYS)
    assert [one["check"] for one in checked["checks"]] == [
        *(one["check"] for one in alone["checks"]),
        "digest-file",
        "aws-signature",
    ]
    assert any("told, not proved" in one for one in alone["not_shown"])
    assert not any("told, not proved" in one for one in checked["not_shown"])
    assert json.dumps(checked)
    assert SIGNER.fingerprint in json.dumps(checked)
