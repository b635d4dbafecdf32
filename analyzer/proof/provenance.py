"""Provenance: from AWS's signature to an entry of the ledger, and on to a head of its tree.

    AWS's signature ─► digest file ─► log file ─► record ─► entry ─► checkpoint

A digest file states the SHA-256 of a log file's inflated bytes, every entry's header that of its
source: where the two are equal, what CloudTrail signed is what was sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from analyzer.answers.shape import Document
from analyzer.archive import Archive
from analyzer.digests.document import ALGORITHM, DigestFile, read
from analyzer.digests.keys import PublicKeys
from analyzer.digests.report import DigestReport, Vouched
from analyzer.digests.signatures import checker
from analyzer.place import split
from analyzer.proof.signing import signed_by
from analyzer.volume import Volume
from ledger.checkpoint import Checkpoint
from ledger.entry import Header
from ledger.errors import MalformedError
from ledger.exhibit import Exhibit
from ledger.hashing import sha256
from ledger.spelling import Json, read_base64, spell_base64
from ledger.store import Ledger
from ledger.verification import Check, Finding


def provenance(archive: Archive, cited: Iterable[Document], report: DigestReport) -> list[Document]:
    """Return the way from AWS's signature to the tree of its ledger for each cited record.

    Args:
        archive: holds the records.
        cited: evidence as documents show it.
        report: what digest files say.
    """
    events = {one["entry"]: one["event_name"] for one in cited}
    return [row for volume in archive.volumes for row in _of_volume(volume, events, report)]


def _of_volume(
    volume: Volume, events: Mapping[int, str], report: DigestReport
) -> Iterator[Document]:
    numbers = sorted(number for number in events if split(number)[0] == volume.shard)
    if not numbers:
        return
    with volume.reading():
        checkpoints = volume.ledger.checkpoints()
    for number in numbers:
        header = volume.entry(number - volume.base).header
        yield {
            "entry": number,
            "event_name": events[number],
            **_by_aws(report.vouched.get(header.source.hex())),
            "source": volume.source_name(header.source),
            "sha256": header.source.hex(),
            "position": header.position,
            "offset": header.offset,
            **_in_tree(header, checkpoints),
        }


def steps(ledger: Ledger, index: int, report: DigestReport) -> list[Mapping[str, Json]]:
    """Return what a stranger needs to go from AWS's signature to the source of an entry.

    Args:
        ledger: holds it.
        index: of the entry.
        report: what digest files say.

    Returns:
        The signature, the digest file with its content, and the log file; nothing where no digest
        file names the source.
    """
    source = ledger.entry(index).header.source.hex()
    vouched = report.vouched.get(source)
    if vouched is None:
        return []
    file, log_file = vouched.file, vouched.log_file
    content = ledger.entry(file.entry).payload
    signature: Mapping[str, Json] = {
        "step": "aws-signature",
        "algorithm": file.algorithm,
        "public_key": file.fingerprint,
        "signature": vouched.signature,
    }
    return [
        *([signature] if vouched.signature is not None else ()),
        {
            "step": "digest-file",
            "bucket": file.place.bucket,
            "key": file.place.key,
            "entry": file.entry,
            "content": None if content is None else spell_base64(content),
        },
        {"step": "log-file", "bucket": log_file.bucket, "key": log_file.key, "sha256": source},
    ]


def checks(exhibit: Exhibit | None, keys: PublicKeys) -> Iterator[Check]:
    """Check the provenance of an entry that is shown, by nothing but CloudTrail's public keys.

    Args:
        exhibit: what is shown; None where it could not be read.
        keys: from somewhere else than the file.
    """
    told = {step.get("step"): step for step in exhibit.provenance} if exhibit is not None else {}
    if exhibit is None or "digest-file" not in told:
        detail = "the file names no digest file of CloudTrail"
        yield Check(name="digest-file", finding=Finding.UNCHECKED, detail=detail)
        return
    file = _digest_file(told["digest-file"])
    if file is None:
        detail = "what it shows as a digest file of CloudTrail is none"
        yield Check(name="digest-file", finding=Finding.CONTRADICTS, detail=detail)
        return
    is_named = exhibit.header.source.hex() in {log.digest for log in file.logs}
    yield Check(
        name="digest-file",
        finding=Finding.HOLDS if is_named else Finding.CONTRADICTS,
        detail="CloudTrail's digest file names the source of the entry by its hash"
        if is_named
        else "CloudTrail's digest file names no log file of that hash",
    )
    yield _signature(file, told.get("aws-signature", {}), keys)


def _signature(file: DigestFile, step: Mapping[str, Json], keys: PublicKeys) -> Check:
    name, value = "aws-signature", step.get("signature")
    if not isinstance(value, str):
        detail = "the file holds no signature of that digest file"
        return Check(name=name, finding=Finding.UNCHECKED, detail=detail)
    answer = checker(keys)(file, value)
    if answer is None:
        detail = "the public key that the digest file names was not given"
        return Check(name=name, finding=Finding.UNCHECKED, detail=detail)
    return Check(
        name=name,
        finding=Finding.HOLDS if answer else Finding.CONTRADICTS,
        detail="the digest file is signed by CloudTrail"
        if answer
        else "the signature of the digest file is not CloudTrail's",
    )


def _digest_file(step: Mapping[str, Json]) -> DigestFile | None:
    content = step.get("content")
    if not isinstance(content, str):
        return None
    try:
        payload = read_base64(content)
    except MalformedError:
        return None
    found = read(0, payload, (sha256(payload).hex(),), ())
    return found if isinstance(found, DigestFile) and found.algorithm == ALGORITHM else None


def _by_aws(vouched: Vouched | None) -> Document:
    if vouched is None:
        return dict.fromkeys(("signature", "public_key", "digest_entry", "digest", "log_file"))
    return {
        "signature": vouched.mark.value,
        "public_key": vouched.file.fingerprint,
        "digest_entry": vouched.file.entry,
        "digest": vouched.file.place.key,
        "log_file": vouched.log_file.key,
    }


def _in_tree(header: Header, checkpoints: Sequence[Checkpoint]) -> Document:
    """Return the entry's leaf, and the first checkpoint that covers it."""
    covering = next((one for one in checkpoints if one.size > header.index), None)
    return {
        "leaf": header.leaf.hex(),
        "checkpoint": None if covering is None else covering.size,
        "signed_by": [] if covering is None else list(signed_by(covering)),
    }


def cited_in(document: Document) -> list[Document]:
    """Return the records that an `explain` document cites."""
    alone = (document["cause"], document["root_cause"])
    return [
        *document["chain"],
        *document["decisive"],
        *(one for one in alone if one is not None),
    ]
