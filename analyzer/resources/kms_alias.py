"""Aliases: names that point at keys for a while. They never bind a database.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer.frozen import Frozen
from analyzer.record import Record, arn, text
from analyzer.resource import Decoder
from analyzer.resources.kms_key.decode import key_arn


class AliasPointed(Frozen, frozen=True, kw_only=True):
    """CreateAlias or UpdateAlias: from now on `alias` names `key`."""

    alias: str
    key: str


class AliasRemoved(Frozen, frozen=True, kw_only=True):
    """DeleteAlias."""

    alias: str


AliasEvent = AliasPointed | AliasRemoved


def _alias(record: Record) -> str | None:
    """Return the alias's ARN; its two resources come in either order."""
    for candidate in record.resource_arns:
        if ":alias/" in candidate:
            return candidate
    name = text(record.request, "aliasName")
    return name and arn(record.region, "kms", record.region, record.account, name)


def _pointed(record: Record) -> AliasPointed | None:
    alias = _alias(record)
    key = next((one for one in record.resource_arns if ":key/" in one), None)
    target = text(record.request, "targetKeyId")
    if key is None and target is not None and not target.startswith("alias/"):
        is_arn = target.startswith("arn:")
        key = target if is_arn else arn(
            record.region, "kms", record.region, record.account, f"key/{target}"
        )  # fmt: skip
    key = key or key_arn(record)
    return None if alias is None or key is None else AliasPointed(alias=alias, key=key)


def _removed(record: Record) -> AliasRemoved | None:
    alias = _alias(record)
    return None if alias is None else AliasRemoved(alias=alias)


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("kms", "CreateAlias"): _pointed,
    ("kms", "UpdateAlias"): _pointed,
    ("kms", "DeleteAlias"): _removed,
}
