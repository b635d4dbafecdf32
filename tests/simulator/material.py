"""Imported key material: brought, deleted and expired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from tests.simulator.times import When, us_text
from tests.simulator.upkeep import Upkeep

if TYPE_CHECKING:
    from tests.simulator.handles import Key
    from tests.simulator.recorder import Call, Json


class Material(Upkeep):
    """The verbs of keys with origin EXTERNAL."""

    def import_key_material(
        self,
        key: Key,
        *,
        at: When,
        valid_to: When | None = None,
        material: str | None = None,
        is_new: bool = False,
        **call: Unpack[Call],
    ) -> Json:
        """ImportKeyMaterial; without `valid_to` the material does not expire."""
        asked: Json = {
            "expirationModel": (
                "KEY_MATERIAL_DOES_NOT_EXPIRE" if valid_to is None else "KEY_MATERIAL_EXPIRES"
            ),
            "importType": "NEW_KEY_MATERIAL" if is_new else "EXISTING_KEY_MATERIAL",
        }
        if valid_to is not None:
            asked["validTo"] = us_text(self.moment(valid_to))
        shown = {"keyId": key.arn, "keyMaterialId": material or self.material_of(key)}
        return self._on_key(
            "ImportKeyMaterial", key, at=at, request=asked, response=shown, call=call
        )

    def delete_imported_key_material(
        self, key: Key, *, at: When, material: str | None = None, **call: Unpack[Call]
    ) -> Json:
        """DeleteImportedKeyMaterial; without a material it is the current one."""
        asked = {} if material is None else {"keyMaterialId": material}
        shown = {"keyId": key.arn, "keyMaterialId": material or self.material_of(key)}
        return self._on_key(
            "DeleteImportedKeyMaterial", key, at=at, request=asked, response=shown, call=call
        )

    def expire_key_material(
        self, key: Key, *, at: When, material: str | None = None, **call: Unpack[Call]
    ) -> Json:
        """DeleteExpiredKeyMaterial: KMS itself, when `validTo` has come."""
        details = {"keyId": key.key_id, "keyMaterialId": material or self.material_of(key)}
        return self._service_event(
            "DeleteExpiredKeyMaterial", key, at=at, details=details, call=call
        )

    @staticmethod
    def material_of(key: Key) -> str:
        """Return the id of the material with which a key begins: the same at every import."""
        return (key.key_id.replace("-", "").removeprefix("mrk") * 2)[:64]
