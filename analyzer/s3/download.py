"""Download: all bytes of one version of an object, however often the connection breaks.

Two versions are never mixed: every request after the first names the version, and where that is
gone, reading begins anew.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from analyzer.s3.errors import StoreError, Trouble

if TYPE_CHECKING:
    from analyzer.s3.address import S3Object
    from analyzer.s3.bucket import Buckets

IN_MEMORY: Final = 64 << 20
"""Bytes of an object that are kept in memory; a larger one lies in a temporary file."""

_VERSIONS: Final = 3
"""Versions of one object that are begun with before it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """What was read.

    Attributes:
        stream: its bytes, from the first on; None where the object has no such metadata.
        version: which version it was.
    """

    stream: BinaryIO | None
    version: S3Object


def download(buckets: Buckets, wanted: S3Object) -> Downloaded:
    """Read an object, or the signature beside it.

    Raises:
        StoreError: it cannot be had whole; the position is told.
        StoppedError: nobody wants it any more.
    """
    if wanted.is_signature:
        found = buckets.signature(wanted)
        return Downloaded(stream=None if found is None else io.BytesIO(found), version=wanted)
    spool = cast("BinaryIO", tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - handed on
    try:
        version = _filled(spool, buckets, wanted)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return Downloaded(stream=spool, version=version)


def _filled(spool: BinaryIO, buckets: Buckets, wanted: S3Object) -> S3Object:
    """Fill the spool with one version, and return which."""
    version, versions, breaks = wanted, 1, 0
    while True:
        try:
            version, found = buckets.read(version, spool.tell())
        except StoreError as error:
            if error.trouble is not Trouble.REPLACED:
                raise _located(error, spool.tell()) from error
            versions += 1
            if versions > _VERSIONS:
                raise _restless(spool.tell()) from error
            spool.seek(0)
            spool.truncate()
            version = replace(wanted, etag="")
            continue
        try:
            for piece in found:
                buckets.client.go_on()
                spool.write(piece)
        except StoreError as error:
            _endure(buckets, error, breaks, spool.tell())
            breaks += 1
        else:
            return version


def _endure(buckets: Buckets, error: StoreError, breaks: int, position: int) -> None:
    """Wait before going on behind what was read; raises StoreError if it broke too often."""
    try:
        buckets.client.endure(error, breaks)
    except StoreError as last:
        raise _located(last, position) from last


def _located(error: StoreError, position: int) -> StoreError:
    where = f" from byte {position} on" if position else ""
    return StoreError(error.trouble, f"cannot be read{where}: {error.detail}")


def _restless(position: int) -> StoreError:
    return StoreError(
        Trouble.REPLACED,
        f"was replaced {_VERSIONS} times while it was read, the last time at byte {position}; "
        "nothing of it was taken: run it again once it is left alone",
    )
