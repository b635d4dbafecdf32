"""Bucket: what S3 is asked for: folders, objects, their metadata, and their bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from analyzer.s3.address import S3Object
from analyzer.s3.client import Client, pieces
from analyzer.s3.errors import StoreError, Trouble

_SIGNATURE: Final = ("signature", "signature-algorithm")
"""Metadata that CloudTrail writes to a digest file: `x-amz-meta-signature`, and its algorithm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer to a listing.

    Attributes:
        folders: prefixes that end with `/`.
        objects: what lies there.
        deleted: keys of which the newest version is a deletion, as far as versions were asked for.
    """

    folders: tuple[str, ...]
    objects: tuple[S3Object, ...]
    deleted: tuple[str, ...] = ()


class Buckets:
    """S3, as an ingest needs it; several threads may ask it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        paying = client.access.is_requester_paying
        self._payer: dict[str, Any] = {"RequestPayer": "requester"} if paying else {}

    def pages(self, bucket: str, prefix: str, *, is_whole: bool) -> Iterator[Page]:
        """List a folder page by page, a request for each; raises StoreError.

        Args:
            bucket: where.
            prefix: of the keys.
            is_whole: whether everything below it is listed, or its folders are only named.
        """
        asked: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix, **self._payer}
        if not is_whole:
            asked["Delimiter"] = "/"
        while True:
            answer = self.client.call("list_objects_v2", **asked)
            yield Page(
                folders=tuple(one["Prefix"] for one in answer.get("CommonPrefixes", ())),
                objects=tuple(
                    S3Object(bucket=bucket, key=one["Key"], etag=one["ETag"], size=one["Size"])
                    for one in answer.get("Contents", ())
                ),
            )
            if not answer.get("IsTruncated"):
                return
            asked["ContinuationToken"] = answer["NextContinuationToken"]

    def versions(self, bucket: str, prefix: str, *, is_whole: bool) -> Iterator[Page]:
        """List a folder with every version of its objects; arguments and errors as `pages`."""
        asked: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix, **self._payer}
        if not is_whole:
            asked["Delimiter"] = "/"
        while True:
            answer = self.client.call("list_object_versions", **asked)
            yield Page(
                folders=tuple(one["Prefix"] for one in answer.get("CommonPrefixes", ())),
                objects=tuple(_version(bucket, one) for one in answer.get("Versions", ())),
                deleted=tuple(
                    one["Key"] for one in answer.get("DeleteMarkers", ()) if one["IsLatest"]
                ),
            )
            if not answer.get("IsTruncated"):
                return
            asked["KeyMarker"] = answer["NextKeyMarker"]
            if "NextVersionIdMarker" in answer:
                asked["VersionIdMarker"] = answer["NextVersionIdMarker"]

    def find(self, bucket: str, key: str) -> S3Object | None:
        """Return the object of exactly this name; None if there is none; raises StoreError."""
        try:
            answer = self.client.call("head_object", Bucket=bucket, Key=key, **self._payer)
        except StoreError as error:
            if error.trouble is Trouble.ABSENT:
                return None
            raise
        return S3Object(bucket=bucket, key=key, etag=answer["ETag"], size=answer["ContentLength"])

    def signature(self, one: S3Object) -> bytes | None:
        """Return the signature of a digest file as `aws s3api head-object` shows it.

        Returns:
            JSON; None where the object carries none.
        """
        answer = self.client.call("head_object", IfMatch=one.etag, **_named(one), **self._payer)
        told = {name: text for name, text in answer["Metadata"].items() if name in _SIGNATURE}
        if set(told) != set(_SIGNATURE):
            return None
        return json.dumps({"ETag": one.etag, "Metadata": told}, sort_keys=True).encode()

    def read(self, one: S3Object, start: int) -> tuple[S3Object, Iterator[bytes]]:
        """Begin to read one version of an object.

        Args:
            one: which; any version where its ETag is empty.
            start: the byte to begin with.

        Returns:
            The version that is read, and its bytes.

        Raises:
            StoreError: it cannot be had; REPLACED where there is another version by now.
        """
        asked = {**_named(one), **self._payer}
        if one.etag:
            asked["IfMatch"] = one.etag
        if start:
            asked["Range"] = f"bytes={start}-"
        answer = self.client.call("get_object", **asked)
        size = start + answer["ContentLength"]
        return replace(one, etag=answer["ETag"], size=size), pieces(answer["Body"])


def _version(bucket: str, one: dict[str, Any]) -> S3Object:
    version = "" if one["IsLatest"] else one["VersionId"]
    return S3Object(
        bucket=bucket, key=one["Key"], etag=one["ETag"], size=one["Size"], version=version
    )


def _named(one: S3Object) -> dict[str, Any]:
    """Return which object, and which version of it, a request means."""
    version = {"VersionId": one.version} if one.version else {}
    return {"Bucket": one.bucket, "Key": one.key, **version}
