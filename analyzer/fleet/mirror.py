"""Mirror: a fleet in S3, read through a local copy in which every hash was recomputed.

A shard is copied whole and in one version, and again only when S3 has another. What is copied is
audited before it is trusted; a copy that does not hold stays, for an audit to say where it breaks,
and its shard counts as broken.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from platformdirs import user_cache_path

from analyzer.errors import NoFleetError
from analyzer.fleet.register import FILE
from analyzer.s3.access import DEFAULT_ACCESS, Access
from analyzer.s3.address import S3Object, parse_bucket
from analyzer.s3.bucket import Buckets
from analyzer.s3.client import Client
from analyzer.s3.download import download
from ledger.audit import audit
from ledger.errors import LedgerError
from ledger.hashing import sha256
from ledger.report import Outcome
from ledger.store import Ledger

_MARKS: Final = ".mirror.json"
"""Which version of each file was copied, and what its audit found; in the folder of the copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """A local copy of a fleet.

    Attributes:
        folder: where it lies.
        doubts: by the names of shards, what the audits of their copies found.
    """

    folder: Path
    doubts: Mapping[str, str]


def mirrored(address: str, access: Access = DEFAULT_ACCESS, cache: Path | None = None) -> Mirror:
    """Bring the local copy of a fleet up to date.

    Args:
        address: `s3://BUCKET/PREFIX`, the folder of the fleet.
        access: in whose name it is read.
        cache: where copies lie; None for the person's cache.

    Raises:
        NotInstalledError: the package that speaks with AWS is not there.
        AddressError: the address names no bucket.
        NoFleetError: no shard lies there.
        StoreError: the bucket or an object cannot be had.
        OSError: nothing can be written there.
    """
    bucket, prefix = parse_bucket(address)
    prefix = f"{prefix.rstrip('/')}/" if prefix.strip("/") else ""
    name = sha256(f"{bucket}/{prefix}".encode(errors="surrogatepass")).hex()[:32]
    folder = (cache or user_cache_path("keyledger", ensure_exists=True)) / "fleets" / name
    folder.mkdir(parents=True, exist_ok=True)
    with closing(Client("s3", access)) as client:
        buckets = Buckets(client)
        found = dict(_objects(buckets, bucket, prefix))
        _forget(folder, found)
        if not found:
            raise NoFleetError(address, "no ledger (*.db) lies in it")
        marks = _read(folder)
        for path, one in found.items():
            if marks.get(path, {}).get("etag") != one.etag or not (folder / path).exists():
                marks[path] = _copy(buckets, one, folder / path)
                _write(folder, {path: marks[path] for path in found if path in marks})
    doubts = {path.removesuffix(".db"): marks[path]["doubt"] for path in found}
    return Mirror(folder=folder, doubts={shard: said for shard, said in doubts.items() if said})


def _objects(buckets: Buckets, bucket: str, prefix: str) -> Iterator[tuple[str, S3Object]]:
    """Yield the ledgers below a prefix, each with its path in the copy; nothing leads outside."""
    for page in buckets.pages(bucket, prefix, is_whole=True):
        for one in page.objects:
            path = one.key.removeprefix(prefix)
            parts = path.split("/")
            is_plain = (
                path.isprintable() and "\\" not in path and PurePosixPath(path).name == parts[-1]
            )
            if path.endswith(".db") and is_plain and not any(_is_odd(part) for part in parts):
                yield path, one


def _is_odd(part: str) -> bool:
    """Whether a part of a key is no name of a folder, or is hidden."""
    return not part or part.startswith(".") or ":" in part


def _copy(buckets: Buckets, one: S3Object, target: Path) -> dict[str, Any]:
    """Copy an object and audit the copy; returns its mark."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    draft = target.with_name(f".{target.name}.part")
    found = download(buckets, one)
    if found.stream is not None:
        with found.stream as stream, draft.open("wb") as file:
            shutil.copyfileobj(stream, file)
    draft.replace(target)
    return {"etag": found.version.etag, "doubt": _doubt(target)}


def _doubt(path: Path) -> str | None:
    """Return what an audit finds wrong with a copy; None where it holds, or is for others to say.

    What is no ledger, and the fleet's own ledger, are looked at whenever they are opened.
    """
    if path.name == FILE:
        return None
    try:
        with Ledger.open(path, readonly=True) as ledger:
            report = audit(ledger)
    except LedgerError:
        return None
    if report.outcome is not Outcome.BROKEN:
        return None
    first = report.breaks[0]
    where = "" if first.index is None else f"entry {first.index}, "
    return f"{where}{first.kind.value}: {first.detail}"


def _forget(folder: Path, found: Mapping[str, S3Object]) -> None:
    """Remove copies of what is in S3 no more."""
    for path in folder.rglob("*.db"):
        if path.relative_to(folder).as_posix() not in found:
            path.unlink()


def _read(folder: Path) -> dict[str, Any]:
    try:
        marks = json.loads((folder / _MARKS).read_bytes())
    except (OSError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _write(folder: Path, marks: Mapping[str, Any]) -> None:
    draft = folder / f"{_MARKS}.part"
    draft.write_text(json.dumps(marks, sort_keys=True))
    draft.replace(folder / _MARKS)
