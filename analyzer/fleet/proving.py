"""Proving: an entry of a shard as a proof that leads on to the fleet's checkpoint.

    entry ─► checkpoint of its shard ─► entry of the fleet's own ledger ─► checkpoint of the fleet

The file is the proof of the shard (C2SP tlog-proof); the proof of the fleet's entry travels in it
as the last step of its provenance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analyzer import place
from analyzer.answers.shape import Document
from analyzer.archive import Archive
from analyzer.digests.check import check
from analyzer.digests.keys import PublicKeys
from analyzer.errors import AmbiguousEntryError, UncoveredEntryError, UnknownEntryError
from analyzer.fleet.register import Register, SealedHead
from analyzer.fleet.shard import Shard
from analyzer.proof.leading import STEP, led_to
from analyzer.proof.provenance import steps
from analyzer.proof.proving import entries_of, proved
from ledger.proving import prove
from ledger.spelling import Json
from ledger.store import Ledger


def fleet_proof_of(
    register: Register | None,
    archive: Archive,
    shards: Sequence[Shard],
    name: str,
    keys: PublicKeys | None,
) -> Document:
    """Prove that an entry of a shard is under the fleet's checkpoint.

    Args:
        register: the fleet's own ledger; None where it has none.
        archive: the shards that can be read.
        shards: all shards.
        name: `3#17`, `111122223333/eu-central-1#17`, or the id of an event.
        keys: CloudTrail's public keys, for the provenance.

    Returns:
        The document of `prove`, with `fleet` as `verify` shows it.

    Raises:
        UnknownEntryError: there is no such entry in the shards that can be read.
        AmbiguousEntryError: several entries hold a record of that id.
        UncoveredEntryError: no checkpoint of the fleet covers it yet.
    """
    volume, index = archive.place(_find(archive, shards, name))
    own, covering = _covering(register, shards[volume.shard - 1], index, name)
    fleet = prove(own, covering.entry)
    with volume.reading():
        report = check(volume.held(volume.size), keys or {})
        told: list[Mapping[str, Json]] = [
            *steps(volume.ledger, index, report),
            {"step": STEP, "proof": str(fleet)},
        ]
        document = proved(volume.ledger, index, covering.head.checkpoint, provenance=told)
    return {
        **document,
        "fleet": led_to(covering.head.name, covering.entry, fleet.checkpoint),
    }


def _covering(
    register: Register | None, shard: Shard, index: int, name: str
) -> tuple[Ledger, SealedHead]:
    """Return the fleet's own ledger, and the first head in it that speaks for an entry."""
    found = next((one for one in shard.heads if one.head.checkpoint.size > index), None)
    if register is None or found is None:
        raise UncoveredEntryError(name, shard.name)
    return register.ledger, found


def _find(archive: Archive, shards: Sequence[Shard], name: str) -> int:
    wanted = name.strip()
    number = place.parse(wanted)
    before, _, after = wanted.rpartition("#")
    named = {shard.name: shard.number for shard in shards}
    if (
        before in named
        and after.isascii()
        and after.isdigit()
        and len(after) < len(str(place.APART))
    ):
        number = place.base_of(named[before]) + int(after)
    if number is not None:
        try:
            archive.entry(number)
        except IndexError as error:
            raise UnknownEntryError(name, sum(archive.sizes())) from error
        return number
    found = tuple(_entries_of(archive, wanted))
    if not found:
        raise UnknownEntryError(name, sum(archive.sizes()))
    if len(found) > 1:
        raise AmbiguousEntryError(name, found)
    return found[0]


def _entries_of(archive: Archive, event_id: str) -> Iterator[int]:
    for volume in archive.volumes:
        with volume.reading():
            for index in entries_of(volume.ledger, event_id):
                yield volume.base + index
