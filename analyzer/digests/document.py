"""Document: one digest file, or the saved signature of one, as decoded from its sealed bytes.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
cloudtrail-log-file-validation-digest-file-structure.html.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analyzer.cloudtrail.value import NotJsonError, load
from analyzer.frozen import Frozen
from analyzer.moment import Moment, parse_iso
from analyzer.record import Members, members, text

ALGORITHM: Final = "SHA256withRSA"
"""The one algorithm by which CloudTrail signs."""

_KEY = re.compile(
    r"(?P<account>[^/_]+)_CloudTrail-Digest_(?P<region>[a-z0-9-]+)_(?P<trail>.+)_[a-z0-9-]+"
    r"_\d{8}T\d{6}Z(?P<backfill>_backfill)?\.json\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ChainId:
    """What shares a chain of digest files.

    Attributes:
        account: whose log files they vouch for.
        region: of the log files.
        trail: its name; empty where the digest file's name does not tell it.
        is_backfill: digest files that were made up for later have a chain of their own.
    """

    account: str
    region: str
    trail: str
    is_backfill: bool


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """An object in S3."""

    bucket: str
    key: str

    @property
    def name(self) -> str:
        """The last part of the key, without `.gz`: unique, and what copies mostly are called."""
        return base_name(self.key)


class LogFile(Frozen, frozen=True, kw_only=True):
    """A log file as a digest file states it.

    Attributes:
        place: where it was delivered.
        digest: SHA-256 of its inflated bytes, in hexadecimal.
        oldest_event: time of its oldest event, as it is spelled; None where that is not told.
        newest_event: the same of its newest event.
    """

    place: Place
    digest: str
    oldest_event: str | None
    newest_event: str | None

    @property
    def oldest(self) -> Moment | None:
        """Time of its oldest event; there are many log files, and few that anybody asks."""
        return parse_iso(self.oldest_event or "")

    @property
    def newest(self) -> Moment | None:
        """Time of its newest event."""
        return parse_iso(self.newest_event or "")


class Previous(Frozen, frozen=True, kw_only=True):
    """What a digest file says of the one before it.

    Attributes:
        place: where that lies.
        digest: SHA-256 of its inflated bytes, in hexadecimal; None where that is not told.
        signature: its signature, in hexadecimal; None where that is not told.
    """

    place: Place
    digest: str | None
    signature: str | None


class DigestFile(Frozen, frozen=True, kw_only=True):
    """A digest file.

    Attributes:
        entry: where it is sealed.
        names: under which it was met.
        digests: SHA-256, in hexadecimal, of the source, and of the document alone where several
            came in one source.
        place: where it says that it lies.
        chain: to which it belongs.
        start: from when on it names what was delivered.
        end: until when.
        ends: the same as it is spelled, and signed.
        fingerprint: of the public key of its signature.
        algorithm: by which it is signed.
        previous: the digest file before; None where a chain begins.
        logs: the log files that it names.
    """

    entry: int
    names: tuple[str, ...]
    digests: tuple[str, ...]
    place: Place
    chain: ChainId
    start: Moment
    end: Moment
    ends: str
    fingerprint: str
    algorithm: str
    previous: Previous | None
    logs: tuple[LogFile, ...]

    def signed(self, digest: str) -> bytes:
        """Return the bytes that CloudTrail signed, for one of the digests of this file."""
        before = self.previous.signature if self.previous is not None else None
        where = f"{self.place.bucket}/{self.place.key}"
        return "\n".join((self.ends, where, digest, before or "null")).encode()


class SavedSignature(Frozen, frozen=True, kw_only=True):
    """The signature of a digest file, from the metadata of its S3 object.

    Attributes:
        entry: where it is sealed.
        names: under which it was met; one that holds the digest file's name tells whose it is.
        signature: in hexadecimal.
    """

    entry: int
    names: tuple[str, ...]
    signature: str


class Unreadable(Frozen, frozen=True, kw_only=True):
    """A digest file that does not say what every digest file says.

    Attributes:
        entry: where it is sealed.
        names: under which it was met.
        missing: the member that is missing or of another kind.
    """

    entry: int
    names: tuple[str, ...]
    missing: str


class _MissingError(Exception):
    """A member is not there, or of another kind."""


def read(
    entry: int, payload: bytes, digests: tuple[str, ...], names: tuple[str, ...]
) -> DigestFile | SavedSignature | Unreadable:
    """Decode a sealed document.

    Args:
        entry: where it is sealed.
        payload: its bytes.
        digests: SHA-256 of its source, and of itself if that is another.
        names: under which it was met.
    """
    try:
        body = load(payload)
    except NotJsonError:
        body = None
    if not isinstance(body, dict):
        return Unreadable(entry=entry, names=names, missing="the whole of it")
    try:
        if "Metadata" in body:
            signature = _required(members(body, "Metadata"), "signature").lower()
            return SavedSignature(entry=entry, names=names, signature=signature)
        return _digest_file(entry, body, digests, names)
    except _MissingError as error:
        return Unreadable(entry=entry, names=names, missing=str(error))


def base_name(path: str) -> str:
    """Return the last part of a key or a local path; whether it is compressed does not count."""
    slashed = path.replace("\\", "/") if "\\" in path else path
    return slashed[slashed.rfind("/") + 1 :].removesuffix(".gz")


def _digest_file(
    entry: int, body: Members, digests: tuple[str, ...], names: tuple[str, ...]
) -> DigestFile:
    place = _place(body, "digestS3Bucket", "digestS3Object")
    listed = body.get("logFiles")
    if not isinstance(listed, list):
        raise _MissingError("logFiles")
    return DigestFile(
        entry=entry,
        names=names,
        digests=digests,
        place=place,
        chain=_chain(body, place),
        start=_required_time(body, "digestStartTime"),
        end=_required_time(body, "digestEndTime"),
        ends=_required(body, "digestEndTime"),
        fingerprint=_required(body, "digestPublicKeyFingerprint").lower(),
        algorithm=text(body, "digestSignatureAlgorithm") or ALGORITHM,
        previous=_previous(body),
        logs=tuple(_log_file(one) for one in listed),
    )


def _chain(body: Members, place: Place) -> ChainId:
    account = text(body, "awsAccountId") or ""
    match = _KEY.match(place.name)
    if match is None:
        return ChainId(account=account, region="", trail="", is_backfill=False)
    return ChainId(
        account=account or match["account"],
        region=match["region"],
        trail=match["trail"],
        is_backfill=match["backfill"] is not None,
    )


def _previous(body: Members) -> Previous | None:
    if text(body, "previousDigestS3Object") is None:
        return None
    digest, signature = text(body, "previousDigestHashValue"), text(body, "previousDigestSignature")
    return Previous(
        place=_place(body, "previousDigestS3Bucket", "previousDigestS3Object"),
        digest=digest and digest.lower(),
        signature=signature,
    )


def _log_file(one: object) -> LogFile:
    if not isinstance(one, Mapping):
        raise _MissingError("logFiles")
    return LogFile(
        place=_place(one, "s3Bucket", "s3Object"),
        digest=_required(one, "hashValue").lower(),
        oldest_event=text(one, "oldestEventTime"),
        newest_event=text(one, "newestEventTime"),
    )


def _place(body: Members, bucket: str, key: str) -> Place:
    return Place(bucket=_required(body, bucket), key=_required(body, key))


def _required(body: Members, name: str) -> str:
    found = text(body, name)
    if found is None:
        raise _MissingError(name)
    return found


def _time(body: Members, name: str) -> Moment | None:
    written = text(body, name)
    return None if written is None else parse_iso(written)


def _required_time(body: Members, name: str) -> Moment:
    found = _time(body, name)
    if found is None:
        raise _MissingError(name)
    return found
