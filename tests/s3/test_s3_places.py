"""Where S3 is asked: access points, buckets before the host or in the path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.s3.address import parse_bucket
from analyzer.s3.errors import AddressError
from tests.cli.terminal import keyledger
from tests.ingested import record, trail
from tests.s3.store import Store
from tui.console import ExitCode

POINT = "arn:aws:s3:us-east-1:111122223333:accesspoint/logs"


@pytest.mark.parametrize(
    ("address", "bucket", "key"),
    [
        (f"s3://{POINT}", POINT, ""),
        (f"s3://{POINT}/AWSLogs/1", POINT, "AWSLogs/1"),
        ("s3://arn:aws:s3:us-east-1:111122223333:accesspoint:logs/a",
         "arn:aws:s3:us-east-1:111122223333:accesspoint:logs", "a"),
        ("s3://arn:aws-cn:s3-outposts:r-1:111122223333:outpost/op-1/accesspoint/x/a/b",
         "arn:aws-cn:s3-outposts:r-1:111122223333:outpost/op-1/accesspoint/x", "a/b"),
        ("s3://logs-abc123-s3alias/AWSLogs", "logs-abc123-s3alias", "AWSLogs"),
    ],
)  # fmt: skip
def test_an_access_point_stands_for_a_bucket(address: str, bucket: str, key: str) -> None:
    assert parse_bucket(address) == (bucket, key)


@pytest.mark.parametrize(
    "address", ["s3://arn:aws:s3:::bucket/key", f"s3://{POINT}:x", "s3://arn:aws:s3:r:1:x/y"]
)
def test_an_arn_of_something_else_is_no_address(address: str) -> None:
    with pytest.raises(AddressError):
        parse_bucket(address)


@pytest.fixture
def proxied(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The server behind every name there is."""
    monkeypatch.setenv("HTTP_PROXY", store.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://s3.test")
    monkeypatch.delenv("NO_PROXY", raising=False)
    return store


def test_an_access_point_is_asked_by_its_own_host(proxied: Store, tmp_path: Path) -> None:
    proxied.s3.create_bucket(Bucket="logs-111122223333")
    body = trail(record(1), record(2))
    proxied.s3.put_object(Bucket="logs-111122223333", Key="AWSLogs/a.json", Body=body)
    proxied.disturb()
    done = keyledger("ingest", f"s3://{POINT}/AWSLogs", "--ledger", "l.db", cwd=tmp_path)
    assert done.code is ExitCode.DONE, done.err
    document = json.loads(done.out)
    assert document["totals"]["appended"] == 2
    assert document["sources"][0]["source"] == f"s3://{POINT}/AWSLogs/a.json"
    assert {one["host"] for one in proxied.asked(method="GET")} >= {"logs-111122223333.s3.test"}


@pytest.mark.parametrize(
    ("words", "is_before_the_host"),
    [((), False), (("--addressing", "path"), False), (("--addressing", "virtual"), True)],
)
def test_the_bucket_is_named_in_the_path_or_before_the_host(
    proxied: Store, tmp_path: Path, words: tuple[str, ...], is_before_the_host: bool
) -> None:
    proxied.put("a.json", trail(record(1)))
    proxied.disturb()
    done = keyledger("ingest", proxied.address, *words, "--ledger", "l.db", cwd=tmp_path)
    own = f"{proxied.bucket}.s3.test"
    assert {one["host"] for one in proxied.asked(method="GET") if "list-type" in one["query"]} == {
        own if is_before_the_host else "s3.test"
    }
    if is_before_the_host:  # moto takes the first part of each name for that of a bucket
        assert done.code is ExitCode.DONE, done.err
