"""A cluster as a person meets it: what was typed, what came out; see `spark.txt` here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fleets import fleet_of_stories
from tests.golden import ROOT, Golden
from tests.s3.store import ENVIRONMENT, Store, served
from tests.spark.needed import needs_spark

TRANSCRIPT = Path(__file__).parent / "spark.txt"

pytestmark = [pytest.mark.long, needs_spark]


def test_the_transcript_is_what_the_commands_still_say_and_java_adds_nothing(
    tmp_path: Path, golden: Golden
) -> None:
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    with served() as url:
        store = Store.made(url, "trail")
        store.fill(ROOT / "samples/stories/audit-snapshots-wiped")
        store.put("AWSLogs/444455556666/Config/eu-west-1/snapshot.json", b"{}")
        fleet = fleet_of_stories(tmp_path / "fleet")
        for path in fleet.rglob("*.db"):
            store.put(f"fleet/{path.relative_to(fleet).as_posix()}", path.read_bytes())
        store.disturb({"kind": "denied", "times": 999, "path": "/secret"})
        told = {**ENVIRONMENT, "AWS_ENDPOINT_URL": url, "XDG_CACHE_HOME": str(tmp_path / "cache")}
        done = subprocess.run(
            [sys.executable, "-m", "tests.spark.transcript", TRANSCRIPT, tmp_path],
            cwd=ROOT, env={**os.environ, **told}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        store.close()
    assert (done.returncode, done.stderr) == (0, "")
    golden.same(TRANSCRIPT, done.stdout)
