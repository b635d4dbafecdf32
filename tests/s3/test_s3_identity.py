"""In whose name S3 is asked, and in which Region."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import keyledger
from tests.ingested import record, trail
from tests.s3.asking import asked
from tests.s3.store import Store
from tui.console import ExitCode


@pytest.mark.long
def test_requester_pays_and_a_role_and_a_profile(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("a.json", trail(record(1)))
    store.disturb()
    asked(store, "--requester-pays", cwd=tmp_path)
    assert {one["payer"] for one in store.asked()} == {"requester"}

    (tmp_path / "config").write_text("[profile audit]\nregion = eu-west-1\n")
    (tmp_path / "credentials").write_text(
        "[audit]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    store.disturb()
    result, _ = asked(store, "--profile", "audit", "--reread", cwd=tmp_path)
    assert result.code is ExitCode.DONE
    assert {one["key"].split("/")[0] for one in store.asked()} == {"AKIAPROFILE"}

    store.disturb()
    role = "arn:aws:iam::123456789012:role/auditor"
    result, _ = asked(store, "--profile", "audit", "--role", role, "--reread", cwd=tmp_path)
    assert result.code is ExitCode.DONE
    assert {one["key"][:11] for one in store.asked(method="POST")} == {"AKIAPROFILE"}
    assert {one["key"][:4] for one in store.asked(method="GET")} == {"ASIA"}

    missing = keyledger("ingest", store.address, "--profile", "nobody", cwd=tmp_path)
    assert missing.code is ExitCode.FAILED
    assert "nobody" in missing.err


@pytest.mark.long
def test_the_region_is_asked_in_which_somebody_says(store: Store, tmp_path: Path) -> None:
    store.put("a.json", trail(record(1)))
    for options, expected in (
        ((), "us-east-1"),
        (("--region", "eu-west-1"), "eu-west-1"),
        (("--region", "eu-west-1", "--aws-region", "eu-north-1"), "eu-north-1"),
    ):
        store.disturb()
        asked(store, *options, "--reread", cwd=tmp_path)
        assert {one["key"].split("/")[2] for one in store.asked()} == {expected}


@pytest.mark.long
def test_the_endpoint_can_be_named(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("a.json", trail(record(1)))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    result, _ = asked(store, "--endpoint", store.url, cwd=tmp_path)
    assert result.code is ExitCode.DONE


@pytest.mark.long
def test_without_credentials_the_way_out_is_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    result = keyledger("ingest", store.address, cwd=tmp_path)
    assert result.code is ExitCode.FAILED
    assert "there are no credentials: name a profile with --profile" in result.err
