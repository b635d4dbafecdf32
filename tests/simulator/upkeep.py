"""Upkeep: calls on keys that move no state - rotation, tags and descriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from tests.simulator.kms import Kms

if TYPE_CHECKING:
    from tests.simulator.handles import Key
    from tests.simulator.recorder import Call, Json
    from tests.simulator.times import When


class Upkeep(Kms):
    """The verbs that keep a key in order."""

    def enable_key_rotation(
        self, key: Key, *, at: When, days: int = 365, **call: Unpack[Call]
    ) -> Json:
        """EnableKeyRotation: automatic, every so many days."""
        asked = {"rotationPeriodInDays": days}
        return self._on_key("EnableKeyRotation", key, at=at, request=asked, call=call)

    def disable_key_rotation(self, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """DisableKeyRotation."""
        return self._on_key("DisableKeyRotation", key, at=at, call=call)

    def rotate_key_on_demand(self, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """RotateKeyOnDemand: the response has the bare id."""
        shown = {"keyId": key.key_id}
        return self._on_key("RotateKeyOnDemand", key, at=at, response=shown, call=call)

    def rotate_key(self, key: Key, *, at: When, **call: Unpack[Call]) -> Json:
        """RotateKey: KMS itself, once a period or after a demand."""
        details = {
            "keyId": key.key_id,
            "keyOrigin": key.origin,
            "rotationType": "AUTOMATIC",
            "previousKeyMaterialId": self.ids.hex(),
            "currentKeyMaterialId": self.ids.hex(),
        }
        return self._service_event(
            "RotateKey", key, at=at, response={"keyId": key.arn}, details=details, call=call
        )

    def tag_key(self, key: Key, name: str, value: str, *, at: When, **call: Unpack[Call]) -> Json:
        """TagResource."""
        asked = {"tags": [{"tagKey": name, "tagValue": value}]}
        return self._on_key("TagResource", key, at=at, request=asked, call=call)

    def untag_key(self, key: Key, name: str, *, at: When, **call: Unpack[Call]) -> Json:
        """UntagResource."""
        return self._on_key("UntagResource", key, at=at, request={"tagKeys": [name]}, call=call)

    def update_key_description(
        self, key: Key, text: str, *, at: When, **call: Unpack[Call]
    ) -> Json:
        """UpdateKeyDescription: the response is null."""
        asked = {"description": text}
        record = self._on_key("UpdateKeyDescription", key, at=at, request=asked, call=call)
        record["responseElements"] = None
        return record
