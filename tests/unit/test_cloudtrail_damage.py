"""Quirk 09: what is readable before and after damage is kept, the rest is kept as rejects."""

from __future__ import annotations

import gzip
import json
import random
from typing import TYPE_CHECKING

import pytest
import zstandard

from analyzer.cloudtrail import torn
from analyzer.cloudtrail.slices import Reject
from ledger.entry import Kind
from tests.ingested import (
    flaws,
    ingested_file,
    items,
    lines,
    record,
    rejects,
    remarks,
    slices,
    spelled,
    trail,
)

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = [spelled(record(number)) for number in range(1, 6)]
ONE, TWO, THREE, FOUR, FIVE = RECORDS
ALL = trail(*RECORDS)


def test_quirk_09_stray_braces_are_rejected_and_the_records_kept(tmp_path: Path) -> None:
    found = ingested_file(tmp_path, lines(ONE, b"}", TWO, b"}}]", THREE))
    assert found.payloads() == [ONE, TWO, THREE]
    assert (found.only.records, found.only.rejected) == (4, 1)
    assert found.payloads(Kind.REJECT) == [b"}"]  # what closes nothing behind damage is not new
    assert found.only.error is not None
    assert f"at byte {len(ONE) + 1}" in found.only.error


@pytest.mark.parametrize("start", [1, 2, 3, 15, 100, 210, 222, 400, 500, 700])
def test_quirk_09_a_file_may_begin_in_the_middle_of_a_record(start: int, tmp_path: Path) -> None:
    """Also inside a text, when all quotes that follow are inverted."""
    found = ingested_file(tmp_path, ALL[len(b'{"Records":[') + start :])
    assert found.payloads() == RECORDS[1:]
    assert found.payloads(Kind.REJECT) == [ONE[start:]]
    assert found.only.error is not None


@pytest.mark.parametrize("cut", [1, 2, 3, 10, 300, len(FIVE) + 2])
def test_quirk_09_a_truncated_list_keeps_what_is_whole(cut: int, tmp_path: Path) -> None:
    found = ingested_file(tmp_path, ALL[:-cut])
    whole = RECORDS if cut <= 2 else RECORDS[:-1]
    assert found.payloads() == whole
    torn_off = [FIVE[: 2 - cut]] if 2 < cut < len(FIVE) + 2 else []
    assert found.payloads(Kind.REJECT) == torn_off
    assert found.only.error is not None
    assert "ends inside" in found.only.error


def test_quirk_09_a_truncated_gzip_keeps_what_was_inflated(tmp_path: Path) -> None:
    noise = random.Random(1)
    many = [spelled(record(n, userAgent=noise.randbytes(300).hex())) for n in range(40)]
    packed = gzip.compress(trail(*many))
    found = ingested_file(tmp_path, packed[: len(packed) // 2])
    kept = found.payloads()
    assert 10 < len(kept) < 30
    assert kept == many[: len(kept)]
    assert found.only.rejected == 1
    assert found.only.error is not None
    assert f"ends too early at byte {len(packed) // 2}" in found.only.error


def test_quirk_09_a_damaged_member_costs_itself_only(tmp_path: Path) -> None:
    members = [bytearray(gzip.compress(lines(each))) for each in RECORDS]
    members[1][40] ^= 0xFF
    members[2][-6] ^= 0xFF  # only the checksum: the record is readable
    found = ingested_file(tmp_path, b"".join(members))
    assert [each for each in RECORDS if each in found.payloads()] == [ONE, THREE, FOUR, FIVE]
    assert found.only.error is not None
    assert "gzip" in found.only.error


def test_quirk_09_every_byte_before_the_fault_is_inflated(tmp_path: Path) -> None:
    """Isal drops what it had when it finds a fault; nothing readable is lost by that."""
    noise = random.Random(2)
    many = [spelled(record(n, userAgent=noise.randbytes(300).hex())) for n in range(40)]
    packed = bytearray(gzip.compress(trail(*many)))
    packed[len(packed) // 2] ^= 0x10
    assert len(ingested_file(tmp_path, bytes(packed)).payloads()) >= 15


def test_quirk_09_a_wrong_checksum_is_told(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(ALL))
    packed[-5] ^= 1
    found = ingested_file(tmp_path, bytes(packed))
    assert found.payloads() == RECORDS
    assert found.only.error is not None


def test_quirk_09_data_behind_the_gzip_stream_is_told_with_its_place(tmp_path: Path) -> None:
    packed = gzip.compress(ALL)
    found = ingested_file(tmp_path, packed + b"EVIL")
    assert found.payloads() == RECORDS
    assert found.only.error is not None
    assert f"4 bytes follow the compressed data and belong to nothing at byte {len(packed)}" in (
        found.only.error
    )


def test_zeros_behind_the_gzip_stream_are_padding(tmp_path: Path) -> None:
    found = ingested_file(tmp_path, gzip.compress(ALL) + bytes(5000))
    assert (found.payloads(), found.only.error) == (RECORDS, None)


@pytest.mark.parametrize("keep", [0.5, 0.9])
def test_quirk_09_a_truncated_zstd_is_told(keep: float, tmp_path: Path) -> None:
    packed = zstandard.compress(trail(*(record(number) for number in range(2000))))
    found = ingested_file(tmp_path, packed[: int(len(packed) * keep)])
    assert found.only.error is not None
    assert "zstd" in found.only.error


def test_quirk_09_log_lines_between_records_are_rejected_one_by_one(tmp_path: Path) -> None:
    data = lines(b"2026-01-08 INFO starting", ONE, b"12 warnings", b"and more", TWO, b"bye")
    found = ingested_file(tmp_path, data)
    assert found.payloads() == [ONE, TWO]
    assert found.payloads(Kind.REJECT) == [
        b"2026-01-08 INFO starting",
        b"12 warnings",
        b"and more",
        b"bye",
    ]
    positions = [entry.header.position for entry in found.entries]
    assert positions == list(range(6))
    assert all(
        data[entry.header.offset :].startswith(entry.payload or b"") for entry in found.entries
    )


def test_a_record_behind_a_log_prefix_is_found() -> None:
    found = items(lines(b"<14>Jan  8 host app: " + ONE, b"<14>Jan  8 host app: " + TWO))
    assert slices(found) == [ONE, TWO]


def test_a_torn_line_costs_itself_only() -> None:
    for end in (1, 30, 120, 230, 400, len(TWO) - 1):
        found = items(lines(ONE, TWO[:end], THREE))
        assert slices(found) == [ONE, THREE]
        assert rejects(found) == [TWO[:end]]


def test_a_torn_line_in_an_exported_log_group_costs_itself_only() -> None:
    stamp = b"2026-01-08T03:00:00.000Z "
    found = items(lines(stamp + ONE, stamp + TWO[:99], stamp + THREE))
    assert slices(found) == [ONE, THREE]
    assert rejects(found) == [TWO[:99]]


def test_damage_that_swallows_the_end_of_a_document_does_not_swallow_the_next() -> None:
    first, second = trail(ONE, TWO), trail(THREE, FOUR)
    found = items(first[:-40] + b"\n" + second + b"\n" + trail(FIVE))
    assert slices(found) == [ONE, THREE, FOUR, FIVE]


def test_a_torn_line_that_closes_too_early_is_kept_whole() -> None:
    early = TWO[: TWO.index(b',"eventTime"')] + b"}" + TWO[TWO.index(b',"eventTime"') :]
    found = items(lines(ONE, early, THREE))
    assert slices(found) == [ONE, THREE]
    assert rejects(found) == [early]


def test_a_record_whose_own_list_lost_its_end_does_not_swallow_the_others() -> None:
    """It closes with the brackets of the file, so that all of it is one well-formed record."""
    torn_off = TWO[: TWO.index(b'],"recipient')]
    found = items(trail(ONE, torn_off, THREE, FOUR, FIVE))
    assert slices(found) == [ONE, THREE, FOUR, FIVE]
    assert rejects(found) == [torn_off]


def test_a_comma_too_many_or_too_few_is_told() -> None:
    for data in (b'{"Records":[%b,%b,]}' % (ONE, TWO), b'{"Records":[%b %b]}' % (ONE, TWO)):
        found = items(data)
        assert slices(found) == [ONE, TWO]
        assert "comma" in flaws(found)[0].reason


def test_a_record_in_which_a_comma_is_too_many_is_rejected_alone() -> None:
    bad = TWO[:-1] + b",}"
    found = items(trail(ONE, bad, THREE))
    assert slices(found) == [ONE, THREE]
    assert rejects(found) == [bad]


def test_an_escape_that_json_does_not_know_rejects_one_record_and_is_no_damage() -> None:
    bad = TWO.replace(b"DisableKey", rb"Disable\x4bey")
    found = items(trail(ONE, bad, THREE))
    assert slices(found) == [ONE, THREE]
    assert rejects(found) == [bad]
    assert not flaws(found)


def test_a_member_of_a_torn_record_is_never_taken_for_a_record() -> None:
    """An encryption context is the caller's to choose: it can look like a record."""
    fake = record(9, eventName="CancelKeyDeletion")
    host = spelled(record(2, requestParameters={"encryptionContext": fake, "keyId": "x"}))
    torn_host = host.replace(b'"eventVersion":', b'"eventVersion"', 1)
    found = items(trail(ONE, torn_host, THREE))
    assert slices(found) == [ONE, THREE]
    assert rejects(found) == [torn_host]


def test_a_nested_object_that_looks_like_a_record_is_part_of_its_record() -> None:
    fake = record(9, eventName="CancelKeyDeletion")
    host = spelled(record(2, requestParameters={"Records": [fake], "detail": fake}))
    assert slices(items(trail(host))) == [host]
    assert slices(items(lines(host))) == [host]


def test_a_damaged_name_does_not_hide_the_records() -> None:
    for head in (b'{"Rec\xffords":[', b'{"Recxords":[', b'{"Rec"rds":[', b'{Records":[', b"#["):
        found = items(head + ALL.removeprefix(b'{"Records":['))
        assert slices(found) == RECORDS, head


def test_a_large_region_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torn, "MAX_REGION", 100)
    found = items(ONE + b"\n" + b"x" * 250 + b"\n" + TWO)
    assert rejects(found) == [b"x" * 100, b"x" * 100, b"x" * 50]
    assert [item.offset - len(ONE) for item in found if isinstance(item, Reject)] == [1, 101, 201]


def test_a_value_beyond_the_limit_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torn, "MAX_VALUE", 2000)
    long = spelled(record(2, userAgent="x" * 3000))
    found = items(lines(ONE, long, THREE), is_quick=False)
    assert slices(found) == [ONE, THREE]
    assert rejects(found) == [long]
    assert "more than 2000 bytes" in flaws(found)[0].reason


def test_a_file_of_records_beyond_the_limit_of_a_value_is_walked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torn, "MAX_VALUE", 2000)
    rows = spelled(
        {"other": 1, "Events": [{"EventId": "x", "CloudTrailEvent": r.decode()} for r in RECORDS]}
    )
    found = items(rows, is_quick=False)
    assert slices(found) == RECORDS
    assert not flaws(found)


def test_damage_in_json_that_holds_no_events_keeps_nothing(tmp_path: Path) -> None:
    found = ingested_file(tmp_path, json.dumps({"a": 1}).encode() + b" trailing words")
    assert (found.only.records, found.report.size) == (0, 0)
    assert found.only.error is not None


def test_bare_numbers_and_words_are_json_and_no_events() -> None:
    found = items(b'17\n"word"\n null \n')
    assert len(remarks(found)) == 3
    assert len(found) == 3


def test_the_first_damage_is_told_and_the_others_are_counted(tmp_path: Path) -> None:
    found = ingested_file(tmp_path, lines(ONE, b"a", TWO, b"b", THREE, b"c", FOUR))
    assert found.only.error is not None
    assert "and 2 more" in found.only.error
