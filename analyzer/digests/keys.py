"""Keys: CloudTrail's public keys, as `aws cloudtrail list-public-keys` prints them.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html: the
value is the DER of PKCS#1; the guide's own samples hold SubjectPublicKeyInfo too, so both are read.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Final

from analyzer.cloudtrail.value import NotJsonError, load
from analyzer.errors import MisspelledError
from analyzer.record import text

_WANTED: Final = "list of CloudTrail's public keys"

PublicKeys = Mapping[str, bytes]
"""DER of a public key by its fingerprint, which digest files name."""


def read_keys(documents: Iterable[tuple[str, bytes]]) -> PublicKeys:
    """Read the public keys of one Region or several.

    Args:
        documents: name and content of each file.

    Raises:
        MisspelledError: a file holds no list of public keys, or a value that is none.
    """
    keys: dict[str, bytes] = {}
    for name, content in documents:
        for one in _listed(name, content):
            fingerprint, value = text(one, "Fingerprint"), text(one, "Value")
            if fingerprint is None or value is None:
                raise MisspelledError(name, _WANTED, "a key without Fingerprint or Value")
            try:
                keys[fingerprint.lower()] = base64.b64decode(value, validate=True)
            except binascii.Error:
                raise MisspelledError(
                    name, _WANTED, f"the value of key {fingerprint!a} is not base64"
                ) from None
    return keys


def _listed(name: str, content: bytes) -> list[Mapping[str, object]]:
    try:
        document = load(content)
    except NotJsonError as error:
        raise MisspelledError(name, _WANTED, str(error)) from None
    listed = document.get("PublicKeyList") if isinstance(document, dict) else document
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise MisspelledError(name, _WANTED, "it has no PublicKeyList")
    return listed
