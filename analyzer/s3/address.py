"""Addresses: `s3://…` and `sqs://…` as people type them, and objects as S3 names them.

A key is taken as it is: nothing in it is decoded, and `*`, `?`, `#` and `..` mean nothing. A bucket
may also be named by the alias or the ARN of an access point. Source of their form:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-access-points.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from analyzer.s3.errors import AddressError

S3: Final = "s3://"
SQS: Final = "sqs://"
SIGNATURE: Final = ".head.json"
"""What is put behind the name of a digest file for the signature that S3 keeps beside it."""

VERSION: Final = "?versionId="
"""What is put behind the name of an object for a version that is not the newest."""

_BUCKET_FORMS: Final = (
    "s3://BUCKET", "s3://BUCKET/PREFIX", "s3://BUCKET/KEY",
    "s3://arn:aws:s3:REGION:ACCOUNT:accesspoint/NAME/PREFIX",
)  # fmt: skip
_ACCESS_POINT = re.compile(
    r"arn:[a-z-]+:(s3|s3-object-lambda):[a-z0-9-]*:\d{12}:accesspoint[:/][^:/]+"
    r"|arn:[a-z-]+:s3-outposts:[a-z0-9-]+:\d{12}:outpost[:/][^:/]+[:/]accesspoint[:/][^:/]+",
    re.ASCII,
)
_QUEUE_FORMS: Final = ("sqs://QUEUE", "sqs://ACCOUNT/QUEUE", "sqs://HOST/ACCOUNT/QUEUE")
_REGION_OF_HOST = re.compile(r"sqs\.([a-z0-9-]+)\.", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class S3Object:
    """One version of an object, or the signature that S3 keeps beside it.

    Attributes:
        bucket: where it lies.
        key: its name there.
        etag: of this version, as S3 spells it; another content has another one.
        size: in bytes.
        is_signature: whether its metadata are meant, and not its bytes.
        version: the id of a version that is not the newest; empty for the newest.
    """

    bucket: str
    key: str
    etag: str
    size: int
    is_signature: bool = False
    version: str = ""

    @property
    def name(self) -> str:
        """Its name as a source."""
        older = f"{VERSION}{self.version}" if self.version else ""
        return spelled(self.bucket, self.key) + older + (SIGNATURE if self.is_signature else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue as it was typed.

    Attributes:
        name: of the queue.
        account: whose it is; None for that of the credentials.
        region: where it is; None where the address does not say.
    """

    name: str
    account: str | None = None
    region: str | None = None


def spelled(bucket: str, key: str) -> str:
    """Return the address of a key; what is no UTF-8 in it appears as its number."""
    return f"{S3}{bucket}/{key}".encode("utf-8", "backslashreplace").decode()


def is_bucket(argument: str) -> bool:
    """Whether an argument names something in S3."""
    return argument.startswith(S3)


def is_queue(argument: str) -> bool:
    """Whether an argument names a queue."""
    return argument.startswith(SQS)


def parse_bucket(argument: str) -> tuple[str, str]:
    """Return bucket and key, or the prefix of keys; raises AddressError."""
    named = argument.removeprefix(S3)
    point = _ACCESS_POINT.match(named)
    if named.startswith("arn:") and (point is None or named[point.end() :][:1] not in {"", "/"}):
        raise AddressError(argument, _BUCKET_FORMS)
    if point is not None:
        return point[0], named[point.end() + 1 :]
    bucket, _, key = named.partition("/")
    if not bucket or not argument.startswith(S3):
        raise AddressError(argument, _BUCKET_FORMS)
    return bucket, key


def parse_queue(argument: str) -> Queue:
    """Return the queue that an argument names; raises AddressError."""
    parts = argument.removeprefix(SQS).split("/")
    if not argument.startswith(SQS) or not all(parts):
        raise AddressError(argument, _QUEUE_FORMS)
    match parts:
        case [name]:
            return Queue(name=name)
        case [account, name]:
            return Queue(name=name, account=account)
        case [host, account, name]:
            region = _REGION_OF_HOST.match(host)
            return Queue(name=name, account=account, region=region[1] if region else None)
        case _:
            raise AddressError(argument, _QUEUE_FORMS)
