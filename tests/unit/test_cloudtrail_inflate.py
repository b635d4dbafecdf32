"""Inflating: layers and members, and what is got out of damaged ones."""

from __future__ import annotations

import gzip
import random
import tempfile
import zlib
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import zstandard

from analyzer.cloudtrail import body as bodies
from analyzer.cloudtrail.body import Body, read_body
from analyzer.cloudtrail.errors import SourceError, TooLargeError
from analyzer.cloudtrail.inflate import inflate

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = b"".join(b"line %d of a log\n" % number for number in range(5000))
NOISE = random.Random(3).randbytes(200_000)


def inflated(data: bytes, *, at_once: int = 1000) -> tuple[bytes, list[tuple[str, int]]]:
    notes: list[tuple[str, int]] = []
    pieces = (data[start : start + at_once] for start in range(0, len(data), at_once))
    return b"".join(inflate(pieces, lambda reason, at: notes.append((reason, at)))), notes


def body(data: bytes, *, max_inflated: int = 1 << 30) -> Body:
    return read_body(BytesIO(data), max_inflated=max_inflated, on_read=lambda _: None)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
@pytest.mark.parametrize("at_once", [1, 7, 1000, 1 << 20])
def test_members_follow_each_other_however_the_pieces_fall(pack: type[bytes], at_once: int) -> None:
    packed = pack(PLAIN[:3000]) + pack(b"") + pack(NOISE[:3000])
    assert inflated(packed, at_once=at_once) == (PLAIN[:3000] + NOISE[:3000], [])


def test_layers_are_taken_off_until_there_are_no_more() -> None:
    assert inflated(gzip.compress(zstandard.compress(gzip.compress(PLAIN)))) == (PLAIN, [])
    assert inflated(PLAIN) == (PLAIN, [])


def test_a_skippable_zstd_frame_is_skipped() -> None:
    skippable = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"
    assert inflated(skippable + zstandard.compress(PLAIN)) == (PLAIN, [])


def test_as_much_comes_out_of_a_damaged_stream_as_zlib_can_get() -> None:
    for place in (60, 5000, 100_000):
        packed = bytearray(gzip.compress(NOISE))
        packed[place] ^= 0xFF
        found, notes = inflated(bytes(packed))
        machine = zlib.decompressobj(31)
        best = b""
        try:
            for index in range(0, len(packed), 16):
                best += machine.decompress(packed[index : index + 16])
        except zlib.error:
            pass
        assert found.startswith(best)
        assert [reason for reason, _ in notes] == ["the gzip stream is damaged"]


def test_a_stream_that_is_cut_gives_everything_before_the_cut() -> None:
    packed = gzip.compress(NOISE)
    found, notes = inflated(packed[:90_000])
    assert found == zlib.decompressobj(31).decompress(packed[:90_000])
    assert notes == [("the gzip stream ends too early", 90_000)]


def test_the_member_behind_a_damaged_one_is_found_even_when_bytes_are_missing() -> None:
    first, second = gzip.compress(NOISE), gzip.compress(PLAIN)
    for torn in (first[:1000] + first[1100:], first[:-9], first[:15]):
        found, notes = inflated(torn + second)
        assert found.endswith(PLAIN)
        assert notes


def test_what_only_looks_like_members_costs_little() -> None:
    found, notes = inflated(b"\x1f\x8b\x08\x00" * 100_000, at_once=1 << 20)
    assert len(found) < 100
    assert len(notes) < 10


def test_a_bomb_is_refused_at_the_limit_and_says_how_to_raise_it() -> None:
    for bomb in (gzip.compress(bytes(50 << 20)), zstandard.compress(bytes(50 << 20))):
        with pytest.raises(TooLargeError, match=r"10000000 bytes.*--max-inflated") as caught:
            body(bomb, max_inflated=10_000_000)
        assert caught.value.limit == 10_000_000
        assert body(bomb, max_inflated=50 << 20).size == 50 << 20


def test_the_limit_does_not_concern_what_is_not_compressed() -> None:
    assert body(PLAIN, max_inflated=10).size == len(PLAIN)


def test_the_digest_is_that_of_the_inflated_bytes() -> None:
    assert body(gzip.compress(PLAIN)).digest == sha256(PLAIN).digest() == body(PLAIN).digest


def test_a_large_source_lies_in_a_file_and_reads_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bodies, "IN_MEMORY", 10_000)
    path = tmp_path / "plain"
    path.write_bytes(NOISE)
    with path.open("rb") as stream:
        in_place = read_body(stream, max_inflated=1, on_read=lambda _: None, may_stay=True)
        assert in_place.digest == sha256(NOISE).digest()
        assert in_place.text.read(5000, 100) == NOISE[5000:5100]
        assert in_place.text.read(199_990, 100) == NOISE[199_990:]
        assert not in_place.has_changed()
        path.write_bytes(NOISE + b"more")
        assert in_place.has_changed()
        in_place.close()
    spooled = body(gzip.compress(NOISE))
    assert spooled.text.read(5000, 100) == NOISE[5000:5100]
    assert spooled.digest == sha256(NOISE).digest()
    spooled.close()


def test_a_full_temporary_directory_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bodies, "IN_MEMORY", 10_000)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(SourceError, match="cannot be read"):
        body(gzip.compress(NOISE))


def test_offsets_in_utf_16_count_its_units() -> None:
    text = "aé€😀b"
    for encoding in ("utf-16-le", "utf-16-be"):
        found = body(("{}" + text).encode(encoding))
        assert found.encoding == encoding
        for index in range(len(text)):
            before = "{}" + text[:index]
            assert found.origin(len(before.encode())) == len(before.encode(encoding))
        assert found.origin(2) == 4  # also when asked backwards


def test_half_a_unit_at_the_end_of_utf_16_does_no_harm() -> None:
    found = body("{}".encode("utf-16") + b"\x00")
    assert found.text.read(0, 99) == b"\xef\xbb\xbf{}"
