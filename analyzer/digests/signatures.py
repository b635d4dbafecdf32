"""Signatures: whose a digest file is. The next one carries it, or somebody saved it from S3."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from analyzer.digests.document import ALGORITHM, DigestFile, Place, SavedSignature, base_name
from analyzer.digests.report import Finding, Kind, Mark, Signature

if TYPE_CHECKING:
    from analyzer.digests.keys import PublicKeys

IsSigned = Callable[[DigestFile, str], bool | None]
"""Whether a signature is that of a digest file; None where its public key was not given."""


def checker(keys: PublicKeys) -> IsSigned:
    """Return what checks signatures by these public keys."""
    if not keys:
        return lambda _file, _signature: None
    from analyzer.digests.rsa import is_signed, public_key  # noqa: PLC0415 - only who gave keys waits for it

    known = {name: key for name, der in keys.items() if (key := public_key(der)) is not None}

    def check(file: DigestFile, signature: str) -> bool | None:
        key = known.get(file.fingerprint)
        if key is None or file.algorithm != ALGORITHM:
            return None
        return any(is_signed(key, file.signed(digest), signature) for digest in file.digests)

    return check


def signatures(
    files: Sequence[DigestFile], saved: Iterable[SavedSignature], is_signed: IsSigned
) -> tuple[dict[int, Signature], tuple[Finding, ...]]:
    """Check the signature of every digest file.

    Returns:
        What is known of each, by its entry; and remarks on saved signatures that belong to none.
    """
    carried = _carried(files)
    remarks: list[Finding] = []
    waiting = {file.entry: file for file in files if not carried[file.place]}
    own: dict[int, list[str]] = defaultdict(list)
    for one in saved:
        owners = _owners(one, files, waiting.values(), is_signed)
        if not owners:
            name = next(iter(one.names), None)
            remarks.append(Finding(kind=Kind.SIGNATURE_UNCLAIMED, name=name, entry=one.entry))
        for file in owners:
            own[file.entry].append(one.signature)
    found = {
        file.entry: _judged(file, [*sorted(carried[file.place]), *own[file.entry]], is_signed)
        for file in files
    }
    return found, tuple(remarks)


def _carried(files: Iterable[DigestFile]) -> Mapping[Place, set[str]]:
    """Return the signatures that later digest files carry, by the place of the earlier one."""
    found: dict[Place, set[str]] = defaultdict(set)
    for file in files:
        if file.previous is not None and file.previous.signature is not None:
            found[file.previous.place].add(file.previous.signature)
    return found


def _owners(
    saved: SavedSignature,
    files: Iterable[DigestFile],
    waiting: Iterable[DigestFile],
    is_signed: IsSigned,
) -> list[DigestFile]:
    """Find whose signature was saved: by the name of the file, else by trying those that lack one.

    `…Z.json.gz.head.json`, or any other name that begins with that of the digest file, will do.
    """
    names = [base_name(name) for name in saved.names]
    told = [file for file in files if any(name.startswith(file.place.name) for name in names)]
    return told or [file for file in waiting if is_signed(file, saved.signature)]


def _judged(file: DigestFile, found: Sequence[str], is_signed: IsSigned) -> Signature:
    """Judge by the best of the signatures that are here: one that is valid proves the file."""
    answers = {value: is_signed(file, value) for value in found}
    for value, answer in answers.items():
        if answer:
            return Signature(mark=Mark.VALID, value=value)
    if not answers:
        return Signature(mark=Mark.UNVERIFIED)
    mark = Mark.INVALID if False in answers.values() else Mark.UNCHECKED
    return Signature(mark=mark, value=found[0])
