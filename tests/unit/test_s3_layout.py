"""Which folders of a bucket are listed and which objects are taken, decided from names alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.cloudtrail.services import ALL_SERVICES, DEFAULT_SERVICES, Services
from analyzer.moment import parse_iso
from analyzer.s3.address import S3Object, parse_bucket, parse_queue
from analyzer.s3.errors import AddressError
from analyzer.s3.layout import Look, Selection, is_digest, is_hidden, look, wants
from analyzer.s3.marks import mark

ACCOUNT = "AWSLogs/111122223333/"
REGION = f"{ACCOUNT}CloudTrail/us-east-1/"


def selection(**wanted: Any) -> Selection:
    """A selection in a few words."""
    return Selection(
        accounts=frozenset(wanted.get("accounts", ())),
        regions=frozenset(wanted.get("regions", ())),
        since=parse_iso(wanted.get("since", "")),
        until=parse_iso(wanted.get("until", "")),
    )


EVERYTHING = Selection()
JANUARY = selection(since="2026-01-08T12:00:00Z", until="2026-01-30")
OPEN = selection(since="2026-01-08")


@pytest.mark.parametrize(
    ("prefix", "wanted", "expected"),
    [
        ("", EVERYTHING, Look.INTO),
        ("some/where/AWSLogs/", EVERYTHING, Look.INTO),
        ("AWSLogs/o-a1b2c3/", EVERYTHING, Look.INTO),
        ("a/b/c/d/", EVERYTHING, Look.WHOLE),
        (ACCOUNT, EVERYTHING, Look.INTO),
        (ACCOUNT, selection(accounts=["4"]), Look.NOT),
        ("AWSLogs/o-a1b2c3/111122223333/", selection(accounts=["111122223333"]), Look.INTO),
        (f"{ACCOUNT}CloudTrail/", EVERYTHING, Look.INTO),
        (f"{ACCOUNT}CloudTrail-Digest/", EVERYTHING, Look.INTO),
        (f"{ACCOUNT}vpcflowlogs/", EVERYTHING, Look.FOREIGN),
        (f"{ACCOUNT}CloudTrailing/", EVERYTHING, Look.FOREIGN),
        (REGION, EVERYTHING, Look.WHOLE),
        (REGION, selection(regions=["eu-west-1"]), Look.NOT),
        (REGION, JANUARY, Look.INTO),
        (f"{REGION}2025/", JANUARY, Look.NOT),
        (f"{REGION}2026/", JANUARY, Look.INTO),
        (f"{REGION}2026/01/", JANUARY, Look.INTO),
        (f"{REGION}2026/02/", JANUARY, Look.NOT),
        (f"{REGION}2026/01/07/", JANUARY, Look.NOT),
        (f"{REGION}2026/01/08/", JANUARY, Look.WHOLE),
        (f"{REGION}2026/01/31/", JANUARY, Look.WHOLE),
        (f"{REGION}2027/", OPEN, Look.INTO),
        (f"{REGION}2025/", OPEN, Look.NOT),
        (f"{REGION}2026/1/", JANUARY, Look.WHOLE),
        (f"{REGION}misc/", JANUARY, Look.WHOLE),
        (f"{REGION}\u0662\u0660\u0662\u0665/", JANUARY, Look.WHOLE),
    ],
)
def test_a_folder_is_looked_into_listed_whole_or_left_out(
    prefix: str, wanted: Selection, expected: Look
) -> None:
    assert look(prefix, "", wanted) is expected


def test_what_a_person_names_is_never_left_out() -> None:
    foreign = f"{ACCOUNT}Config/"
    assert look(foreign, foreign, selection(accounts=["4"])) is Look.INTO
    assert look(f"{REGION}2025/", f"{REGION}2025/", JANUARY) is Look.INTO
    assert look(f"{REGION}2025/12/", f"{REGION}2025/", JANUARY) is Look.NOT


@pytest.mark.parametrize(
    ("key", "is_wanted"),
    [
        (f"{REGION}2026/01/08/a.json.gz", True),
        (f"{REGION}2026/01/07/a.json.gz", False),
        ("loose.json", True),
        ("folder/", False),
        (".hidden/a.json", False),
        ("a/../b.json", False),
        (f"{ACCOUNT}Config/a.json", False),
    ],
)
def test_an_object_is_wanted_as_its_folder_is(key: str, is_wanted: bool) -> None:
    assert wants(key, "", JANUARY) is is_wanted


def test_a_name_is_hidden_below_the_folder_that_was_named_only() -> None:
    assert is_hidden("a/.b/c", "a/")
    assert not is_hidden("a/.b/c", "a/.b/")


def test_digest_files_are_told_by_their_folder() -> None:
    assert is_digest(f"{ACCOUNT}CloudTrail-Digest/us-east-1/2026/01/08/x.json.gz")
    assert not is_digest(f"{REGION}2026/01/08/x.json.gz")
    assert not is_digest("CloudTrail-Digest/x.json.gz")


parts = st.sampled_from(
    ["AWSLogs", "o-abc", "111122223333", "CloudTrail", "CloudTrail-Digest", "Config", "us-east-1",
     "2026", "01", "08", "1", "", ".", "..", "\u0661", "x"]
)  # fmt: skip


@given(st.lists(parts, max_size=12), st.sampled_from([EVERYTHING, JANUARY, OPEN]))
def test_no_folder_above_an_object_that_is_wanted_is_left_out(
    path: list[str], wanted: Selection
) -> None:
    """Else it would be found or not by how its folders happen to be listed."""
    key = "/".join([*path, "file"])
    folders = ["", *("/".join(path[: n + 1]) + "/" for n in range(len(path)))]
    looks = [look(folder, "", wanted) for folder in folders]
    if wants(key, "", wanted):
        assert not {Look.NOT, Look.FOREIGN} & set(looks)
    elif not is_hidden(key, ""):
        assert {Look.NOT, Look.FOREIGN} & set(looks)


def test_addresses_are_taken_as_they_are() -> None:
    assert parse_bucket("s3://b/a%20b?c#d/*") == ("b", "a%20b?c#d/*")
    assert parse_bucket("s3://b") == ("b", "")
    assert parse_bucket("s3://b//x") == ("b", "/x")
    queue = parse_queue("sqs://sqs.eu-west-1.amazonaws.com/111122223333/q.fifo")
    assert (queue.region, queue.account, queue.name) == ("eu-west-1", "111122223333", "q.fifo")
    assert parse_queue("sqs://q").region is None


@pytest.mark.parametrize("text", ["s3://", "s3:///k", "b/k"])
def test_an_address_without_a_bucket_is_none(text: str) -> None:
    with pytest.raises(AddressError):
        parse_bucket(text)


@pytest.mark.parametrize("text", ["sqs://", "sqs://a//b", "sqs://a/b/c/d", "q"])
def test_an_address_without_a_queue_is_none(text: str) -> None:
    with pytest.raises(AddressError):
        parse_queue(text)


def test_a_mark_changes_with_everything_on_which_the_outcome_rests() -> None:
    def one(**changes: Any) -> S3Object:
        return replace(S3Object(bucket="b", key="k", etag="e", size=1), **changes)

    objects = [one(), one(bucket="c"), one(key="l"), one(etag="f"), one(size=2),
               one(is_signature=True)]  # fmt: skip
    choices = [DEFAULT_SERVICES, ALL_SERVICES, Services.named("kms"), Services.named("kms", "rds")]
    marks = [mark(each, choice) for each in objects for choice in choices]
    assert len(set(marks)) == len(marks)
    assert mark(one(), Services.named("rds", "kms")) == mark(one(), choices[3])
