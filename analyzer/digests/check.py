"""Check: every digest file against its chain, its signature and the log files that it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analyzer.digests.chain import Chain, chains
from analyzer.digests.document import ChainId, DigestFile, SavedSignature, Unreadable
from analyzer.digests.keys import PublicKeys
from analyzer.digests.logs import Logs, Source
from analyzer.digests.report import ChainReport, DigestReport, Finding, Kind, Mark
from analyzer.digests.signatures import checker, signatures
from analyzer.digests.stretches import Cover


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a ledger holds for the check.

    Attributes:
        files: digest files.
        saved: signatures that were saved beside them.
        unreadable: what should have been a digest file.
        sources: everything that was ingested, digest files and the like aside.
    """

    files: tuple[DigestFile, ...] = ()
    saved: tuple[SavedSignature, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    sources: tuple[Source, ...] = ()


def check(held: Held, keys: PublicKeys) -> DigestReport:
    """Check what digest files say.

    Args:
        held: digest files and sources.
        keys: public keys; without any, hashes are checked and no signature is.
    """
    signed, unclaimed = signatures(held.files, held.saved, checker(keys))
    marked = {entry: one.mark for entry, one in signed.items()}
    linked = chains(held.files)
    contradicted = [found for chain in linked for found in chain.contradictions(marked)]
    wrong = {found.entry for found in contradicted}
    trusted = {
        chain.id: [file for file in chain.files if file.entry not in wrong] for chain in linked
    }
    logs = Logs([file for files in trusted.values() for file in files], held.sources)
    unnamed = list(logs.unnamed(_covers(trusted.values())))
    return DigestReport(
        chains=tuple(_report(chain, marked, logs) for chain in linked),
        contradictions=(*_unreadable(held.unreadable), *contradicted, *logs.altered()),
        gaps=(
            *(gap for chain in linked for gap in chain.gaps(_elsewhere(chain, trusted))),
            *logs.absent(),
            *unnamed,
        ),
        remarks=(
            *(remark for chain in linked for remark in chain.remarks()),
            *logs.renamed(),
            *unclaimed,
        ),
        silences=tuple(
            silence for chain in linked for silence in chain.silences(marked, trusted[chain.id])
        ),
        vouched=logs.vouched(signed),
        outside=logs.unknown() - len(unnamed),
        keys=len(keys),
    )


def _covers(trusted: Iterable[Sequence[DigestFile]]) -> dict[tuple[str, str], Cover]:
    """Return, by account and Region, the time for which some digest file vouches."""
    windows: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for files in trusted:
        for file in files:
            windows[file.chain.account, file.chain.region].append((file.start, file.end))
    return {place: Cover(stretches) for place, stretches in windows.items()}


def _elsewhere(chain: Chain, trusted: Mapping[ChainId, Sequence[DigestFile]]) -> Cover:
    """Return the time for which other chains of the same account and Region vouch."""
    return Cover(
        (file.start, file.end)
        for files in trusted.values()
        for file in files
        if file.chain != chain.id
        and (file.chain.account, file.chain.region) == (chain.id.account, chain.id.region)
    )


def _report(chain: Chain, marked: Mapping[int, Mark], logs: Logs) -> ChainReport:
    found = [marked[file.entry] for file in chain.files]
    return ChainReport(
        chain=chain.id,
        start=chain.files[0].start,
        end=max(file.end for file in chain.files),
        marks={mark: found.count(mark) for mark in Mark},
        named=sum(len(file.logs) for file in chain.files),
        held=sum(logs.held(file) for file in chain.files),
        newest=chain.files[-1].place.key,
    )


def _unreadable(documents: Iterable[Unreadable]) -> list[Finding]:
    return [
        Finding(
            kind=Kind.DIGEST_UNREADABLE,
            name=next(iter(one.names), None),
            entry=one.entry,
            source=one.missing,
        )
        for one in documents
    ]
