"""Objects that hold no records, and what they are instead: told by their members.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/
cloudtrail-log-file-validation-digest-file-structure.html (digest files; their own signature lies
in the metadata of their S3 object, which `aws s3api head-object` prints).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzer.cloudtrail.scan import Member

_OF_DIGEST: Final = frozenset({b'"digestStartTime"', b'"digestEndTime"', b'"logFiles"'})
_OF_SIGNATURE: Final = (b'"signature"', b'"signature-algorithm"')


def is_voucher(data: bytes, members: Mapping[bytes, Member]) -> bool:
    """Tell whether an object is a digest file, or what S3 says of one.

    Args:
        data: the object.
        members: of the object, by their names as spelled.
    """
    if members.keys() >= _OF_DIGEST:
        return True
    metadata = members.get(b'"Metadata"')
    return metadata is not None and all(
        data.find(mark, metadata.start, metadata.end) >= 0 for mark in _OF_SIGNATURE
    )


def is_key_list(members: Mapping[bytes, Member]) -> bool:
    """Tell what `aws cloudtrail list-public-keys` prints."""
    return b'"PublicKeyList"' in members


def is_control_message(data: bytes, members: Mapping[bytes, Member]) -> bool:
    """Tell the message by which CloudWatch Logs tries whether a subscription works."""
    member = members.get(b'"messageType"')
    return member is not None and data[member.start : member.end] == b'"CONTROL_MESSAGE"'
