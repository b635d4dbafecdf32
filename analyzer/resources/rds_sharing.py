"""Sharing: which accounts may copy or restore a manual snapshot. It moves no copy by itself.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html (an encrypted
snapshot is shared with accounts, never with everybody; one under the AWS managed key not at all).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer.frozen import Frozen
from analyzer.record import Record, arn, text, texts
from analyzer.resource import Decoder, Inert

EVERYBODY: Final = "all"
"""How the API spells everybody."""


class SnapshotShared(Frozen, frozen=True, kw_only=True):
    """ModifyDBSnapshotAttribute or ModifyDBClusterSnapshotAttribute about `restore`.

    `added` and `removed` are account ids, or `all` for everybody.
    """

    snapshot: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


def _shared(name: str, part: str) -> Decoder:
    def decode(record: Record) -> SnapshotShared | Inert | None:
        snapshot = text(record.request, name)
        if snapshot is None:
            return None
        if text(record.request, "attributeName") != "restore":
            return Inert(reason="an attribute of a snapshot that shares nothing")
        if not snapshot.startswith("arn:"):
            rest = f"{part}:{snapshot.lower()}"
            snapshot = arn(record.region, "rds", record.region, record.account, rest)
        return SnapshotShared(
            snapshot=snapshot,
            added=texts(record.request, "valuesToAdd"),
            removed=texts(record.request, "valuesToRemove"),
        )

    return decode


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("rds", "ModifyDBSnapshotAttribute"): _shared("dBSnapshotIdentifier", "snapshot"),
    ("rds", "ModifyDBClusterSnapshotAttribute"): _shared(
        "dBClusterSnapshotIdentifier", "cluster-snapshot"
    ),
}
