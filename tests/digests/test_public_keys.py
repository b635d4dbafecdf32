"""Digest files and CloudTrail's public keys, however they are spelled."""

from __future__ import annotations

import gzip

import pytest

from analyzer.digests.keys import read_keys
from analyzer.digests.report import Mark
from analyzer.digests.rsa import is_signed, public_key
from analyzer.errors import MisspelledError
from tests.digest_support import SIGNER, Estate
from tests.digests.reading import OTHER
from tests.simulator.delivery import gzipped
from tests.simulator.digests import public_keys


def test_a_digest_file_with_blanks_behind_it_is_the_same_document(trail: Estate) -> None:
    """CloudTrail hashes the file; a pipe that joined files left only the documents."""
    joined = b"\n".join(gzip.decompress(path.read_bytes()) for path in trail.digests)
    for path in trail.digests:
        path.unlink()
    (trail.folder / "joined.json.gz").write_bytes(gzipped(joined + b"\n"))
    report = trail.report()
    assert report.marks[Mark.VALID] == 7
    assert (report.contradictions, report.gaps) == ((), ())


def test_both_encodings_of_a_public_key_are_read() -> None:
    for is_spki in (False, True):
        keys = read_keys([("keys", public_keys(SIGNER, is_spki=is_spki))])
        key = public_key(keys[SIGNER.fingerprint])
        assert key is not None
        assert is_signed(key, b"said", SIGNER.sign(b"said"))
        assert not is_signed(key, b"sad", SIGNER.sign(b"said"))
        assert not is_signed(key, b"said", "no signature")


def test_keys_of_several_regions_are_read_together() -> None:
    keys = read_keys([("one", public_keys(SIGNER)), ("two", public_keys(OTHER))])
    assert keys.keys() == {SIGNER.fingerprint, OTHER.fingerprint}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"no JSON", b"{}", b'{"PublicKeyList": 1}', b'{"PublicKeyList": [1]}',
        b'{"PublicKeyList": [{}]}',
        b'{"PublicKeyList": [{"Fingerprint": "aa", "Value": "not base64!"}]}',
    ],
)  # fmt: skip
def test_what_is_no_list_of_public_keys_is_an_error(content: bytes) -> None:
    with pytest.raises(MisspelledError):
        read_keys([("keys.json", content)])


def test_a_value_that_is_no_rsa_key_checks_nothing(trail: Estate) -> None:
    report = trail.report({SIGNER.fingerprint: b"no key"})
    assert report.marks[Mark.UNCHECKED] == 7
