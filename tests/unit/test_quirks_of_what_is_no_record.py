"""Quirks of files without records: what they are is said, and none of it is sealed as one."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from ledger.entry import Kind
from tests.ingested import ONE, ingested_file, spelled, trail


@pytest.mark.parametrize(
    "document",
    [
        {"EventCategories": ["failure"], "Enabled": True},
        {"s3Bucket": "logs", "s3ObjectKey": ["AWSLogs/x.json.gz"]},
        {"Version": "2012-10-17", "Statement": []},
        [1, "two", None, {"three": 3}],
    ],
)
def test_quirk_08_json_that_is_not_about_events_is_a_warning(document: Any, tmp_path: Path) -> None:
    found = ingested_file(tmp_path, json.dumps(document, indent=1).encode())
    assert (found.only.records, found.only.error) == (0, None)
    assert "not about events" in found.report.warnings[0]


def test_quirk_08_a_digest_file_is_recognised_and_gives_no_records(tmp_path: Path) -> None:
    digest = {
        "awsAccountId": "111122223333",
        "digestStartTime": "2026-01-08T03:00:00Z",
        "digestEndTime": "2026-01-08T04:00:00Z",
        "digestS3Bucket": "logs",
        "previousDigestSignature": None,
        "logFiles": [{"s3Object": "x", "hashValue": "00", "newestEventTime": "…"}],
    }
    found = ingested_file(tmp_path, gzip.compress(spelled(digest)))
    assert (found.only.records, found.only.error) == (0, None)
    [entry] = found.entries
    assert (entry.header.kind, entry.payload) == (Kind.DIGEST, spelled(digest))
    assert found.report.warnings == ()


def test_quirk_08_the_saved_metadata_of_a_digest_file_is_no_record_either(tmp_path: Path) -> None:
    told = {"ETag": "x", "Metadata": {"signature": "00", "signature-algorithm": "SHA256withRSA"}}
    found = ingested_file(tmp_path, json.dumps(told, indent=4).encode())
    assert (found.only.records, found.only.error) == (0, None)
    assert [entry.header.kind for entry in found.entries] == [Kind.DIGEST]


def test_quirk_08_public_keys_of_cloudtrail_are_said_to_be_an_option(tmp_path: Path) -> None:
    found = ingested_file(tmp_path, b'{"PublicKeyList": []}')
    assert (found.only.records, found.only.error, found.entries) == (0, None, ())
    assert "--digest-keys" in found.report.warnings[0]


def test_quirk_08_insight_records_are_skipped_even_when_all_services_are_wanted(
    tmp_path: Path,
) -> None:
    from analyzer.cloudtrail.services import ALL_SERVICES  # noqa: PLC0415

    insight = {
        "eventVersion": "1.08",
        "eventTime": "2026-01-08T03:00:00Z",
        "eventID": "55ed45c5-0b0c-4228-9fe5-EXAMPLEc3f4d",
        "eventType": "AwsCloudTrailInsight",
        "recipientAccountId": "111122223333",
        "insightDetails": {"state": "Start", "eventSource": "kms.amazonaws.com"},
        "eventCategory": "Insight",
    }
    found = ingested_file(tmp_path, trail(insight, ONE), services=ALL_SERVICES)
    assert (found.only.records, found.only.skipped, found.only.appended) == (2, 1, 1)
