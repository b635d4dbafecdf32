from __future__ import annotations

import struct
from dataclasses import replace

import pytest

from ledger.entry import HEADER_BYTES, MAX_STEPS, Header, Kind, Step
from ledger.errors import MalformedError
from ledger.hashing import EMPTY_ROOT, NO_LINK, Digest, leaf_hash, sha256

HEADER = Header(
    index=7,
    previous=sha256(b"before"),
    kind=Kind.RECORD,
    lane=1,
    unwrapping=(Step.BASE64, Step.GZIP),
    sealed_at=1_767_225_600_000_000,
    source=sha256(b"source"),
    position=3,
    offset=4096,
    length=5,
    payload=sha256(b"bytes"),
)


def test_the_empty_root_is_the_hash_of_nothing() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_header_is_spelled_byte_by_byte_as_the_readme_says() -> None:
    spelled = (
        b"klentry\x01"
        + struct.pack(">Q", 7)
        + sha256(b"before")
        + b"\x01\x01"
        + b"\x02\x03\0\0\0\0\0\0"
        + struct.pack(">Q", 1_767_225_600_000_000)
        + sha256(b"source")
        + struct.pack(">QQQ", 3, 4096, 5)
        + sha256(b"bytes")
    )
    assert HEADER.encode() == spelled
    assert len(spelled) == HEADER_BYTES == 154


def test_the_frozen_format_still_gives_the_leaf_of_the_first_release() -> None:
    assert HEADER.leaf == leaf_hash(HEADER.encode())
    assert HEADER.leaf.hex() == "60be21e69350c70ee11cbd8b1c04cf40026f891976572e2b9d4f7a22f705c906"


def test_every_kind_and_every_step_has_its_number() -> None:
    assert [(kind.name, kind.value) for kind in Kind] == [
        ("RECORD", 1), ("CONFLICT", 2), ("REJECT", 3), ("DIGEST", 4), ("KEY", 5), ("SEAL", 6),
        ("REDACTION", 7),
    ]  # fmt: skip
    assert [(step.name, step.value) for step in Step] == [
        ("JSON_STRING", 1), ("BASE64", 2), ("GZIP", 3), ("ZSTD", 4), ("UTF16_LE", 5),
        ("UTF16_BE", 6),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "spelling"),
    [
        pytest.param(0, b"K", id="another tag"),
        pytest.param(7, b"\x02", id="a later version"),
        pytest.param(8, b"\x80", id="an index of 2^63"),
        pytest.param(48, b"\x00", id="no kind"),
        pytest.param(48, b"\x08", id="an unknown kind"),
        pytest.param(50, b"\x00\x03", id="a gap between steps"),
        pytest.param(50, b"\x07", id="an unknown step"),
        pytest.param(58, b"\xff", id="a time of 2^63"),
        pytest.param(98, b"\x80", id="a position of 2^63"),
        pytest.param(106, b"\x80", id="an offset of 2^63"),
        pytest.param(114, b"\x80", id="a length of 2^63"),
    ],
)
def test_another_spelling_is_refused(place: int, spelling: bytes) -> None:
    encoded = bytearray(HEADER.encode())
    encoded[place : place + len(spelling)] = spelling
    with pytest.raises(MalformedError):
        Header.decode(bytes(encoded))


@pytest.mark.parametrize("length", [0, 153, 155])
def test_a_header_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(MalformedError):
        Header.decode((HEADER.encode() + b"\0")[:length])


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(replace(HEADER, index=-1), id="negative index"),
        pytest.param(replace(HEADER, offset=1 << 63), id="offset too large"),
        pytest.param(replace(HEADER, lane=256), id="lane too large"),
        pytest.param(replace(HEADER, previous=Digest(NO_LINK[:31])), id="short digest"),
        pytest.param(replace(HEADER, unwrapping=(Step.GZIP,) * (MAX_STEPS + 1)), id="nine steps"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(wrong: Header) -> None:
    with pytest.raises(MalformedError):
        wrong.encode()
