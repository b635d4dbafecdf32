"""Custom key stores: while one is disconnected, none of its keys can be used.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/disconnect-keystore.html. The records
name only the store; which keys are in it follows from their CreateKey.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer.frozen import Frozen
from analyzer.record import Record, text
from analyzer.resource import Decoder


class StoreDisconnected(Frozen, frozen=True, kw_only=True):
    """DisconnectCustomKeyStore."""

    store: str


class StoreConnected(Frozen, frozen=True, kw_only=True):
    """ConnectCustomKeyStore; the connection comes about later, and may fail."""

    store: str


StoreEvent = StoreDisconnected | StoreConnected


def _decoder(event: type[StoreEvent]) -> Decoder:
    def decode(record: Record) -> StoreEvent | None:
        store = text(record.request, "customKeyStoreId")
        return None if store is None else event(store=store)

    return decode


DECODERS: Final[Mapping[tuple[str, str], Decoder]] = {
    ("kms", "DisconnectCustomKeyStore"): _decoder(StoreDisconnected),
    ("kms", "ConnectCustomKeyStore"): _decoder(StoreConnected),
}
