"""Gaps on the command line: exit codes, where public keys come from, and what ingest says of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.digest_support import SIGNER, Estate, estate, rewrite
from tests.simulator.digests import public_keys
from tests.simulator.signer import Signer
from tui.console import ExitCode


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    return estate(tmp_path_factory.mktemp("trail") / "logs", hours=4)


@pytest.fixture
def trail(whole: Estate, tmp_path: Path) -> Estate:
    (tmp_path / "keys.json").write_bytes(public_keys(SIGNER))
    (tmp_path / "others.json").write_bytes(public_keys(Signer.of("somebody else")))
    return whole.copied(tmp_path / "logs")


def test_without_gaps_it_is_zero_strict_or_not(trail: Estate, tmp_path: Path) -> None:
    assert keyledger("ingest", "logs", cwd=tmp_path).code is ExitCode.DONE
    assert keyledger("gaps", cwd=tmp_path).code is ExitCode.DONE
    assert keyledger("gaps", "--strict", cwd=tmp_path).code is ExitCode.DONE


def test_gaps_are_zero_and_strictly_five(trail: Estate, tmp_path: Path) -> None:
    trail.digests[1].unlink()
    assert keyledger("ingest", "logs", cwd=tmp_path).code is ExitCode.DONE
    assert keyledger("gaps", cwd=tmp_path).code is ExitCode.DONE
    assert keyledger("gaps", "--strict", cwd=tmp_path).code is ExitCode.INCOMPLETE


def test_a_contradiction_is_four_for_gaps_and_for_ingest(trail: Estate, tmp_path: Path) -> None:
    rewrite(trail.logs[0], lambda document: document["Records"].pop())
    told = keyledger("ingest", "logs", cwd=tmp_path)
    assert told.code is ExitCode.BROKEN
    [found] = json.loads(told.out)["digests"]["contradictions"]
    assert found["name"] == trail.key(trail.logs[0])
    assert trail.logs[0].name in told.err
    assert keyledger("gaps", "--strict", cwd=tmp_path).code is ExitCode.BROKEN


def test_logs_that_come_after_their_digest_files_are_held_against_them(
    trail: Estate, tmp_path: Path
) -> None:
    rewrite(trail.logs[0], lambda document: document["Records"].pop())
    digests, logs = (str(next(trail.folder.glob(f"AWSLogs/*/{name}"))) for name in FOLDERS)
    first = keyledger("ingest", digests, cwd=tmp_path)
    assert first.code is ExitCode.DONE
    assert json.loads(first.out)["digests"]["gaps"]["log-file-absent"] == len(trail.logs)
    assert json.loads(first.out)["totals"]["records"] == 0
    assert keyledger("ingest", logs, cwd=tmp_path).code is ExitCode.BROKEN


def test_a_ledger_without_digest_files_says_null(trail: Estate, tmp_path: Path) -> None:
    shutil.rmtree(next(trail.folder.glob("AWSLogs/*/CloudTrail-Digest")))
    assert json.loads(keyledger("ingest", "logs", cwd=tmp_path).out)["digests"] is None
    told = json.loads(keyledger("gaps", cwd=tmp_path).out)
    assert (told["digests"], told["outcome"], told["chains"]) == (None, "incomplete", [])


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        (["--digest-keys", "keys.json"], {}),
        (["--digest-keys", "others.json", "--digest-keys", "keys.json"], {}),
        ([], {"KEYLEDGER_DIGEST_KEYS": "others.json:keys.json"}),
    ],
)
def test_public_keys_come_from_files_that_are_named(
    trail: Estate, tmp_path: Path, options: list[str], environment: dict[str, str]
) -> None:
    trail.trail.save_signature(trail.digests[-1])
    keyledger("ingest", "logs", cwd=tmp_path)
    told = json.loads(keyledger("gaps", *options, cwd=tmp_path, environment=environment).out)
    assert told["outcome"] == "intact"
    assert told["digests"]["signatures"]["valid"] == len(trail.digests)


def test_public_keys_that_lie_beside_the_logs_are_not_trusted(
    trail: Estate, tmp_path: Path
) -> None:
    (trail.folder / "keys.json").write_bytes(public_keys(SIGNER))
    told = keyledger("ingest", "logs", cwd=tmp_path)
    assert "--digest-keys" in told.err
    assert json.loads(told.out)["digests"]["signatures"]["valid"] == 0


def test_a_file_of_keys_that_is_not_there_is_an_error(trail: Estate, tmp_path: Path) -> None:
    told = keyledger("ingest", "logs", "--digest-keys", "nowhere.json", cwd=tmp_path)
    assert told.code is ExitCode.FAILED
    assert "nowhere.json" in told.err


FOLDERS = ("CloudTrail-Digest", "CloudTrail")
