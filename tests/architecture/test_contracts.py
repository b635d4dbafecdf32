"""The import contracts hold, and each of them notices what it is there to notice."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.golden import ROOT

pytest.importorskip("importlinter", reason="the checks extra brings it along")

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]

PLANTED = {
    "tui/version.py": ["textual.app", "platformdirs", "aiohttp"],
    "ledger/entry.py": ["analyzer.moment", "os", "hashlib"],
    "ledger/audit.py": ["isal", "botocore", "pyspark", "sqlglot"],
    "analyzer/s3/layout.py": ["threading"],
    "ledger/store.py": ["zstandard", "orjson", "cryptography"],
    "analyzer/moment.py": ["pathlib", "msgspec", "cryptography.fernet", "pyarrow"],
    "analyzer/case.py": ["sqlite_utils", "sqlite3", "numpy", "click", "duckdb"],
    "tui/console.py": ["rich.text", "prompt_toolkit", "jinja2", "watchfiles"],
    "tui/dashboard/view.py": ["analyzer.moment"],
    "tui/commands/state.py": ["ledger.store"],
}
"""One breach of every contract."""

WITH_FILES = {
    "archive",
    "asking",
    "case",
    "catalogue",
    "cloudtrail",
    "custody",
    "erasure",
    "export",
    "fleet",
    "ingest",
    "inquiry",
    "keeping",
    "knowledge",
    "opened",
    "proof",
    "s3",
    "sealed",
    "spark",
    "usage",
    "volume",
    "vouchers",
    "warehouse",
}
"""What of the analyzer touches files or a ledger; all the rest is its pure core."""


def test_every_module_of_the_analyzer_is_pure_or_said_not_to_be() -> None:
    [core] = [one for one in CONTRACTS if one["name"].startswith("the core of the analyzer")]
    modules = {path.parent.name if path.name == "__init__.py" else path.stem for path in _top()}
    assert {f"analyzer.{name}" for name in modules - WITH_FILES} == set(core["source_modules"])


def _top() -> set[Path]:
    """Return the modules and packages that lie in the analyzer's own folder."""
    room = ROOT / "analyzer"
    modules = {path for path in room.glob("*.py") if path.name != "__init__.py"}
    return modules | set(room.glob("*/__init__.py"))


def _linted(folder: Path) -> str:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], check=False, cwd=folder, capture_output=True
    )
    return done.stdout.decode()


def test_every_contract_breaks_when_it_is_breached(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in ("ledger", "analyzer", "tui"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("*.pyc"))
    for name, modules in PLANTED.items():
        path = tmp_path / name
        path.write_text(path.read_text() + "".join(f"import {one}\n" for one in modules))
    told = " ".join(_linted(tmp_path).split())
    for contract in CONTRACTS:
        assert f"{contract['name']} BROKEN" in told


def test_what_speaks_with_a_cluster_is_plumbing_under_five_hundred_lines() -> None:
    modules = list((ROOT / "analyzer/spark").glob("*.py"))
    assert len(modules) > 1
    assert sum(len(path.read_text().splitlines()) for path in modules) < 500
