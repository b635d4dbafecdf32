"""Custom key stores: their records name the store only, never a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from tests.simulator.recorder import Call, Json, Recorder

if TYPE_CHECKING:
    from tests.simulator.times import When


class Stores(Recorder):
    """The verbs of custom key stores; a key is made in one by `create_key(store=…)`."""

    def disconnect_key_store(self, store: str, *, at: When, **call: Unpack[Call]) -> Json:
        """DisconnectCustomKeyStore: every key in it becomes unavailable."""
        return self._on_store("DisconnectCustomKeyStore", store, at=at, call=call)

    def connect_key_store(self, store: str, *, at: When, **call: Unpack[Call]) -> Json:
        """ConnectCustomKeyStore: the connection itself comes about later."""
        return self._on_store("ConnectCustomKeyStore", store, at=at, call=call)

    def _on_store(self, event_name: str, store: str, *, at: When, call: Call) -> Json:
        about = {"customKeyStoreName": "hsm-store", "clusterId": "cluster-2c4e6a8b0d1"}
        asked = {"customKeyStoreId": store}
        return self.record("kms", event_name, at=at, request=asked, additional=about, **call)
