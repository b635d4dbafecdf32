"""Descriptions: `describe` for a whole run of records at once, by columns.

What is out of the ordinary is left to `describe`: the two never differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from analyzer.cloudtrail.heads import Sort, decode_heads, moments_of, sort_of
from analyzer.cloudtrail.record import MAX_RECORD, RejectedError, check_closely, identity_of
from analyzer.cloudtrail.value import MAX_DEPTH

if TYPE_CHECKING:
    from analyzer.cloudtrail.heads import Head


class Descriptions(NamedTuple):
    """What records say of themselves, one value each. Attributes as of `Description`.

    Attributes:
        identities: of the records.
        times: when they happened.
        sorts: what they share with others.
    """

    identities: Sequence[bytes]
    times: Sequence[int]
    sorts: Sequence[Sort]


def describe_all(
    text: bytes | memoryview, payloads: Sequence[bytes], *, is_list: bool
) -> Descriptions | None:
    """Say what the records of a text are.

    Args:
        text: a JSON list of them, or a record a line.
        payloads: the records that it consists of.
        is_list: which of both.

    Returns:
        None unless each of them is a record of CloudTrail, described without a second look.
    """
    heads = decode_heads(text, is_list=is_list)
    if not heads:
        return None
    sources = [head.event_source or "" for head in heads]
    names = [head.event_name or "" for head in heads]
    times = moments_of([head.event_time or "" for head in heads])
    if times is None or not (all(sources) and all(names)) or not _is_readable(payloads):
        return None
    categories = [head.event_category for head in heads]
    return Descriptions(
        identities=_identities(heads, payloads),
        times=times,
        sorts=list(map(sort_of, sources, names, categories)),
    )


def _is_readable(payloads: Sequence[bytes]) -> bool:
    """Whether none is too large, or would be refused for what only a closer look shows."""
    if max(map(len, payloads)) > MAX_RECORD:
        return False
    try:
        for payload in payloads:
            if len(payload) > 2 * MAX_DEPTH or not payload.isascii():
                check_closely(payload)
    except RejectedError:
        return False
    return True


def _identities(heads: Sequence[Head], payloads: Sequence[bytes]) -> list[bytes]:
    ids = [head.event_id or "" for head in heads]
    accounts = [head.recipient_account_id or head.account for head in heads]
    if all(ids) and "".join(ids).isascii() and "".join(accounts).isascii():
        return [
            f"event:{len(each)}:{each}:{account}".encode()
            for each, account in zip(ids, accounts, strict=True)
        ]
    return [
        identity_of("event", each, account, payload)
        for each, account, payload in zip(ids, accounts, payloads, strict=True)
    ]
