"""Usage: cryptographic calls, which move no state but show who depends on a key."""

from __future__ import annotations

from analyzer.archive import Archive, Cut
from analyzer.cloudtrail.record import Lane
from analyzer.evidence import Evidence
from analyzer.moment import Moment
from analyzer.reader import event_time, read
from analyzer.volume import Volume
from ledger.entry import Kind

_READS_ONLY = ("Describe", "List", "Get")


def last_used(archive: Archive, arn: str, at: Moment, cut: Cut) -> Evidence | None:
    """Return the newest successful use of a key up to a moment, None where none is on record.

    Args:
        archive: where to look.
        arn: the key.
        at: uses after it do not count.
        cut: how many entries are looked at.
    """
    found: Evidence | None = None
    for volume, size in archive.cut(cut):
        found = _last_used(volume, arn, at, size, found)
    return found


def _last_used(
    volume: Volume, arn: str, at: Moment, size: int, found: Evidence | None
) -> Evidence | None:
    """Return a newer use than the one that was found elsewhere, if there is one.

    Runs of entries are searched from the newest event time on, and only payloads that contain the
    key's id are decoded.
    """
    with volume.reading():
        spans = sorted(volume.ledger.spans(), key=lambda span: span.latest or at, reverse=True)
    needle = arn.rpartition("/")[2].encode()
    for span in spans:
        if found is not None and span.latest is not None and span.latest < found.time:
            break
        stop = min(size, span.first + span.count)
        if span.first >= stop or (span.earliest is not None and span.earliest > at):
            continue
        for number, entry in volume.entries(span.first, stop, {Lane.USAGE}, needle):
            if entry.header.kind is not Kind.RECORD or entry.payload is None:
                continue
            if not _is_newer(entry.payload, found, at):
                continue
            found = _use(number, entry.payload, arn) or found
    return found


def first_refused(archive: Archive, arn: str, before: Moment, cut: Cut) -> Evidence | None:
    """Return the first of the refusals that went on until a moment, None where there is none.

    A key whose material lies outside of KMS can be lost without any record; then KMS answers every
    use of it with KMSInvalidStateException. Refusals after which a use succeeded do not count.
    """
    needle = arn.rpartition("/")[2].encode()
    refusals: list[Evidence] = []
    last_success: Evidence | None = None
    uses = (
        use
        for volume, size in archive.cut(cut)
        for use in volume.entries(0, size, {Lane.USAGE}, needle)
    )
    for number, entry in uses:
        if entry.header.kind is not Kind.RECORD or entry.payload is None:
            continue
        record = read(number, entry.payload)
        if record is None or record.service != "kms" or record.name.startswith(_READS_ONLY):
            continue
        by = record.evidence
        if arn not in record.resource_arns or by.time > before:
            continue
        if by.error == "KMSInvalidStateException":
            refusals.append(by)
        elif by.error is None and (last_success is None or by.order > last_success.order):
            last_success = by
    since = [one for one in refusals if last_success is None or one.order > last_success.order]
    return min(since, key=lambda one: one.order, default=None)


def _is_newer(payload: bytes, than: Evidence | None, at: Moment) -> bool:
    time = event_time(payload)
    return time is not None and time <= at and (than is None or time > than.time)


def _use(number: int, payload: bytes, arn: str) -> Evidence | None:
    record = read(number, payload)
    if record is None or record.evidence.error is not None or record.service != "kms":
        return None
    if record.name.startswith(_READS_ONLY) or arn not in record.resource_arns:
        return None
    return record.evidence
