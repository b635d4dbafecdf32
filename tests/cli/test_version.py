"""Version: when others share its packages' names, keyledger vouches for nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tui import version
from tui.commands import audit
from tui.console import ExitCode


def test_a_distribution_that_ships_a_package_of_ours_is_named() -> None:
    shippers = {"ledger": ["keyledger", "accounting"], "tui": ["Keyledger"], "other": ["x"]}
    [found] = version.sharers(shippers)
    assert "accounting also ships a package named ledger" in found


def test_rooms_from_different_folders_are_named() -> None:
    here, there = Path("/here"), Path("/there")
    assert not version.scattered({"ledger": here, "tui": here})
    [found] = version.scattered({"ledger": there, "tui": here})
    assert "ledger from /there" in found


def test_nothing_is_foreign_here() -> None:
    assert not version.strangers()


def test_an_audit_by_doubtful_code_is_incomplete(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "strangers", lambda: ["accounting also ships ledger"])
    result = keyledger("audit", "--ledger", str(case))
    assert result.code is ExitCode.INCOMPLETE
    assert json.loads(result.out)["outcome"] == "incomplete"
    assert "accounting" in result.err


def test_the_version_warns_of_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "strangers", lambda: ["accounting also ships ledger"])
    result = keyledger("--version")
    assert result.code is ExitCode.DONE
    assert result.out.startswith("keyledger ")
    assert "warning: accounting" in result.err
