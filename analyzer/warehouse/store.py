"""Store: where the file lies, whether it still tells the truth, and sessions that ask it."""

from __future__ import annotations

import os
import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

from analyzer.archive import Archive
from analyzer.warehouse import build, schema
from analyzer.warehouse.build import Material
from analyzer.warehouse.engine import Engine
from analyzer.warehouse.errors import DamagedFileError, ForeignFileError
from analyzer.warehouse.stamp import Head, Stamp, code, stamp_of
from ledger.store import Ledger

_DRAFT: Final = ".part"
_DAY: Final = 86_400
"""Seconds."""


def beside(ledger: Path) -> Path:
    """Return where the warehouse of a ledger lies: `case.db` has `case.duckdb`."""
    path = ledger.with_suffix(".duckdb")
    return path if path != ledger else ledger.with_name(ledger.name + ".duckdb")


def refreshed(material: Material, *, is_distrusted: bool = False) -> Path:
    """Return a file that holds what the archive holds now, made or extended if it has to be.

    It lies beside the ledger or fleet, or, where nothing can be written there, in the person's
    cache. A reader is never in the way of a writer: a new file takes the place of the old one at
    once.

    Args:
        material: what it is made from.
        is_distrusted: make the file anew, whatever it says of itself.

    Raises:
        ForeignFileError: a DuckDB file of somebody else is in its place.
        OSError: it can be written nowhere.
    """
    archive = material.archive
    wanted = _wanted(archive)
    target = beside(archive.path)
    if not os.access(target.parent, os.W_OK):
        if not is_distrusted and _stamp(target) == wanted:
            return target
        folder = user_cache_path("keyledger", ensure_exists=True)
        target = folder / f"{_spelled(archive.origin)}.duckdb"
    old = _stamp(target)
    if old != wanted or is_distrusted:
        _replace(target, None if is_distrusted else old, wanted, material)
    return target


def _spelled(origin: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in origin)


def _wanted(archive: Archive) -> Stamp:
    heads = []
    for volume in archive.volumes:
        with volume.reading():
            head, origin = volume.ledger.head(), volume.ledger.origin
        heads.append(
            Head(
                shard=volume.shard,
                name=volume.name,
                origin=origin,
                size=head.size,
                root=head.root.hex(),
            )
        )
    without = (one.name for one in archive.lost)
    return Stamp(code=code(without), heads=tuple(heads))


def _stamp(path: Path) -> Stamp | None:
    """Return the stamp of a file; None where there is none, or it is damaged."""
    if not path.exists():
        return None
    try:
        with Engine.reading(path) as engine:
            stamp = stamp_of(engine)
    except DamagedFileError:
        return None
    if stamp is None:
        raise ForeignFileError(str(path))
    return stamp


def _replace(target: Path, old: Stamp | None, wanted: Stamp, material: Material) -> None:
    """Write a new file beside the old one, from it where that saves work, and put it in place."""
    folder = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}{_DRAFT}")
    folder.mkdir(mode=stat.S_IRWXU)  # nobody else looks into what is not done, or spilled to disk
    try:
        draft = folder / "draft.duckdb"
        if old is None or not _extended(draft, target, old, wanted, material):
            _written(draft, wanted, material)
        with suppress(OSError):
            shutil.copymode(material.archive.path, draft)
        for abandoned in _abandoned(target, draft.stat().st_mtime):
            shutil.rmtree(abandoned, ignore_errors=True)
        draft.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _drafts(target: Path) -> Iterator[Path]:
    """Yield the folders in which new files are being written, or were when somebody was killed."""
    head = f".{target.name}."
    for path in target.parent.iterdir() if target.parent.exists() else ():
        if path.name.startswith(head) and path.name.endswith(_DRAFT):
            yield path


def _abandoned(target: Path, now: float) -> Iterator[Path]:
    """Yield drafts on which nobody has worked for a day."""
    for folder in _drafts(target):
        with suppress(OSError):
            if now - max(path.stat().st_mtime for path in (folder, *folder.iterdir())) > _DAY:
                yield folder


def _extended(draft: Path, target: Path, old: Stamp, wanted: Stamp, material: Material) -> bool:
    """Copy the old file and add what is new; False where the old one does not fit."""
    if old.code != wanted.code or not _is_prefix(old, wanted, material.archive):
        return False
    shutil.copyfile(target, draft)
    try:
        with Engine.writing(draft) as engine:
            return _filled(engine, old, wanted, material)
    except DamagedFileError:
        return False


def _is_prefix(old: Stamp, wanted: Stamp, archive: Archive) -> bool:
    """Whether each ledger goes on from what an old file holds of it, and none has gone."""
    now = {head.shard: head for head in wanted.heads}
    volumes = {volume.shard: volume for volume in archive.volumes}
    for held in old.heads:
        head = now.get(held.shard)
        if head is None or (held.name, held.origin) != (head.name, head.origin):
            return False
        with volumes[held.shard].reading():
            if held.size > head.size or (
                volumes[held.shard].ledger.root_at(held.size).hex() != held.root
            ):
                return False
    return True


def _written(draft: Path, wanted: Stamp, material: Material) -> None:
    draft.unlink(missing_ok=True)
    with Engine.writing(draft) as engine:
        with engine.transaction():
            schema.create(engine)
        _filled(engine, Stamp(code=wanted.code, heads=()), wanted, material)


def _filled(engine: Engine, old: Stamp, wanted: Stamp, material: Material) -> bool:
    if not build.extend(engine, material, old, wanted):
        return False
    scope = material.knowledge.within(wanted.cut)
    build.derive(engine, scope)
    build.finish(engine, material.archive, wanted, scope.at)
    return True


def discard(ledger: Ledger) -> None:
    """Remove every warehouse of a ledger: something in it is to be known no more.

    Raises:
        ForeignFileError: a DuckDB file of somebody else is in its place; it stays.
        OSError: it cannot be removed.
    """
    cached = user_cache_path("keyledger") / f"{_spelled(ledger.origin)}.duckdb"
    for target in (beside(ledger.path), cached):
        if target.exists():
            _stamp(target)
            target.unlink()
            Path(f"{target}.wal").unlink(missing_ok=True)
        for draft in _drafts(target):
            shutil.rmtree(draft)
