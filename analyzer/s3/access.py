"""Access: in whose name S3 is asked, where, and for what; what a person may say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from analyzer.s3.layout import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """In whose name AWS is asked, and where; what is None is found as AWS's own tools find it.

    Attributes:
        profile: of the configuration files.
        role: the ARN of a role to take on.
        region: where the bucket or the queue is.
        fallback_region: where to ask if nothing else says it.
        endpoint: the address of a service that speaks as S3 and SQS do.
        is_requester_paying: whether whoever asks pays for it.
        addressing: where a bucket is named, `path` or `virtual`: before the host.
    """

    profile: str | None = None
    role: str | None = None
    region: str | None = None
    fallback_region: str | None = None
    endpoint: str | None = None
    is_requester_paying: bool = False
    addressing: str | None = None


DEFAULT_ACCESS: Final = Access()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """What an ingest is told of sources in S3.

    Attributes:
        access: in whose name they are read.
        selection: which of them.
        is_reread: whether what is known to be sealed is downloaded all the same.
        with_versions: whether the older versions of objects are read too.
    """

    access: Access = DEFAULT_ACCESS
    selection: Selection = field(default_factory=Selection)
    is_reread: bool = False
    with_versions: bool = False


DEFAULT_REMOTE: Final = Remote()
