"""Imported key material: what a key of origin EXTERNAL holds, and whether that is all it needs.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html and
.../importing-keys-delete-key-material.html. A key may hold several materials; it is usable only
while every permanently associated one is present. Material that waits for rotation may come and go.
"""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.evidence import Evidence
from analyzer.frozen import Frozen, replace
from analyzer.moment import Moment


class Material(Frozen, frozen=True, kw_only=True):
    """One key material.

    Attributes:
        id: AWS's id of it; None in records from before materials had ids.
        is_present: whether it is held now.
        is_pending: whether it waits for rotation and no data depends on it yet.
        valid_to: when it expires; None if it does not.
        importer: the ImportKeyMaterial that set `valid_to`.
    """

    id: str | None
    is_present: bool = True
    is_pending: bool = False
    valid_to: Moment | None = None
    importer: Evidence | None = None


Materials = tuple[Material, ...]
"""In the order in which they were first imported."""


def imported(
    held: Materials,
    material: str | None,
    valid_to: Moment | None,
    importer: Evidence,
    *,
    is_new: bool,
) -> Materials:
    """Return what is held after an import; the last import of a material sets its expiry."""
    fresh = Material(id=material, valid_to=valid_to, importer=importer)
    index = _find(held, material)
    if index is None or (is_new and material is not None and held[index].id != material):
        has_permanent = any(not one.is_pending for one in held)
        return (*held, replace(fresh, is_pending=is_new and has_permanent))
    again = replace(fresh, id=material or held[index].id, is_pending=held[index].is_pending)
    return (*held[:index], again, *held[index + 1 :])


def taken(held: Materials, material: str | None) -> Materials:
    """Return what is held once a material was deleted or expired; None means the current one."""
    index = _find(held, material)
    if index is None:
        return (*held, Material(id=material, is_present=False))
    if held[index].is_pending:
        return (*held[:index], *held[index + 1 :])
    gone = replace(held[index], is_present=False, valid_to=None)
    return (*held[:index], gone, *held[index + 1 :])


def rotated(held: Materials, at: Moment) -> Materials:
    """Return what is held after a rotation: what waited for it is needed from now on.

    That it was there shows that an expiry before *at* did not come, or was put off unrecorded.
    """
    return tuple(_needed_since(one, at) if one.is_pending else one for one in held)


def _needed_since(waiting: Material, at: Moment) -> Material:
    is_over = waiting.valid_to is not None and waiting.valid_to <= at
    return replace(waiting, is_pending=False, valid_to=None if is_over else waiting.valid_to)


def is_complete(held: Materials) -> bool:
    """Whether every permanently associated material is present."""
    return all(one.is_present for one in held if not one.is_pending)


def needed(held: Materials) -> tuple[str | None, ...]:
    """Return the ids of what is permanently associated, present or not."""
    return tuple(one.id for one in held if not one.is_pending)


def missing(held: Materials) -> tuple[str | None, ...]:
    """Return the ids of what is permanently associated and not present."""
    return tuple(one.id for one in held if not one.is_pending and not one.is_present)


def forgotten(held: Materials, material: str | None) -> Materials:
    """Return what is held once material that waits for rotation was deleted from the primary."""
    return tuple(one for one in held if not one.is_pending or one.id != material)


def importer_of(held: Materials, material: str | None) -> Evidence | None:
    """Return who set the expiry of a material."""
    index = _find(held, material)
    return held[index].importer if index is not None else None


def next_expiry(held: Materials) -> Material | None:
    """Return the needed material that expires first, None where none does."""
    due = [one for one in _needed(held) if one.valid_to is not None]
    return min(due, key=lambda one: one.valid_to or 0, default=None)


def _needed(held: Materials) -> Iterable[Material]:
    return (one for one in held if one.is_present and not one.is_pending)


def _find(held: Materials, material: str | None) -> int | None:
    """Find a material: by id, else the one that old records left unnamed, else the current one."""
    by_id = [index for index, one in enumerate(held) if one.id == material]
    unnamed = [index for index, one in enumerate(held) if one.id is None]
    current = [index for index, one in enumerate(held) if not one.is_pending]
    candidates = by_id or unnamed or (current if material is None else [])
    return candidates[-1] if candidates else None
