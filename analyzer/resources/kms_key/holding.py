"""KMS keys of origin EXTERNAL: how material that comes and goes moves the key.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html and
.../importing-keys-delete-key-material.html.
"""

from __future__ import annotations

from typing import assert_never

from analyzer.evidence import Evidence
from analyzer.frozen import replace
from analyzer.grounds import Ground
from analyzer.resources.kms_key.entering import move
from analyzer.resources.kms_key.events import (
    KeyMaterialDeleted,
    KeyMaterialExpired,
    KeyMaterialImported,
    KeyRotated,
    KeyStatus,
    MaterialEvent,
)
from analyzer.resources.kms_key.material import (
    Material,
    imported,
    importer_of,
    is_complete,
    rotated,
    taken,
)
from analyzer.resources.kms_key.state import SCHEDULED, KeyState
from analyzer.timeline import Basis, Known


def on_material(state: KeyState, event: MaterialEvent, evidence: Evidence) -> KeyState:
    """Follow what is said of a key's material."""
    match event:
        case KeyMaterialImported():
            return _imported(state, event, evidence)
        case KeyMaterialDeleted():
            return _without(state, event.material, evidence, root=evidence)
        case KeyMaterialExpired():
            root = importer_of(state.materials, event.material)
            return _without(state, event.material, evidence, root=root)
        case KeyRotated():
            return replace(state, materials=rotated(state.materials, evidence.time))
        case _:
            assert_never(event)


def passed_expiry(state: KeyState, material: Material) -> KeyState:
    """Infer the expiry of imported material that no record confirms."""
    known = Known.not_before(material.valid_to or 0, Basis.INFERRED, Ground.MATERIAL_EXPIRY)
    by = material.importer
    return _without(state, material.id, by, root=by, known=known)


def _imported(state: KeyState, event: KeyMaterialImported, evidence: Evidence) -> KeyState:
    materials = imported(
        state.materials, event.material, event.valid_to, evidence, is_new=event.is_new
    )
    held = replace(state, materials=materials, origin=state.origin or "EXTERNAL")
    waits = state.status in {KeyStatus.PENDING_IMPORT, KeyStatus.UNKNOWN}
    if waits and is_complete(materials):
        return move(held, KeyStatus.ENABLED, evidence)
    return held


def _without(
    state: KeyState,
    material: str | None,
    evidence: Evidence | None,
    *,
    root: Evidence | None,
    known: Known | None = None,
) -> KeyState:
    bare = replace(
        state, materials=taken(state.materials, material), origin=state.origin or "EXTERNAL"
    )
    settled = state.status in SCHEDULED or state.status is KeyStatus.PENDING_IMPORT
    if evidence is None or settled or is_complete(bare.materials):
        return bare
    return move(bare, KeyStatus.PENDING_IMPORT, evidence, root=root, known=known)
