"""Digest files: whatever somebody does to them is named, and nothing else is."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from analyzer.digests.report import Kind
from analyzer.moment import of
from tests.digest_support import SIGNER, Estate, estate, rewrite
from tests.digests.reading import OTHER, only, told
from tests.simulator.digests import DigestTrail
from tests.simulator.signer import Signer


def test_a_digest_edited_to_fit_a_tampered_log_file_is_named_replaced(trail: Estate) -> None:
    path = trail.digests[3]
    rewrite(path, lambda document: document.update(logFiles=[]))
    report = trail.report()
    found = only(report.contradictions)
    assert (found.kind, found.name) == (Kind.DIGEST_REPLACED, trail.key(path))
    assert (found.start, found.end) == (of(trail.hour(3)), of(trail.hour(4)))


def test_the_newest_digest_edited_is_found_by_its_saved_signature(trail: Estate) -> None:
    path = trail.digests[-1]
    trail.trail.save_signature(path)
    rewrite(path, lambda document: document.update(oldestEventTime="2026-01-01T00:00:00Z"))
    found = only(trail.report().contradictions)
    assert (found.kind, found.name) == (Kind.SIGNATURE_INVALID, trail.key(path))


def test_a_chain_written_anew_by_somebody_without_cloudtrails_key_is_found(tmp_path: Path) -> None:
    whole = estate(tmp_path / "logs", hours=4)
    for path in whole.digests:
        path.unlink()
    forger = DigestTrail(account=whole.aws.account, region=whole.aws.region, signer=OTHER)
    digests = forger.hourly(whole.folder, whole.start, whole.hour(4))
    for path in digests:
        rewrite(path, lambda document: document.update(digestPublicKeyFingerprint=own()))
    report = whole.report()
    kinds = {found.kind for found in report.contradictions}
    assert kinds <= {Kind.DIGEST_REPLACED, Kind.SIGNATURE_INVALID}
    assert {found.name for found in report.contradictions} == set(map(whole.key, digests[:3]))


def test_signatures_alone_tell_a_forged_chain_whose_hashes_fit(tmp_path: Path) -> None:
    whole = estate(tmp_path / "logs", hours=4)
    for path in whole.digests:
        path.unlink()
    forger = DigestTrail(
        account=whole.aws.account, region=whole.aws.region, signer=Claiming(p=OTHER.p, q=OTHER.q)
    )
    digests = forger.hourly(whole.folder, whole.start, whole.hour(4))
    assert told(whole.report().contradictions) == [
        (Kind.SIGNATURE_INVALID, whole.key(path)) for path in digests[:3]
    ]
    assert whole.report({}).contradictions == ()


def test_where_aws_signed_a_digest_the_next_one_that_denies_it_is_the_replaced_one(
    trail: Estate,
) -> None:
    path = trail.digests[-1]
    rewrite(path, lambda document: document.update(previousDigestHashValue="00" * 32))
    found = only(trail.report().contradictions)
    assert (found.kind, found.name) == (Kind.DIGEST_REPLACED, trail.key(path))


def test_a_digest_slipped_in_beside_the_chain_is_named_foreign(trail: Estate) -> None:
    forger = DigestTrail(account=trail.aws.account, region=trail.aws.region, signer=OTHER)
    forged = forger.write(trail.folder, trail.hour(2), trail.hour(3) - timedelta(seconds=1))
    report = trail.report()
    assert (Kind.DIGEST_FOREIGN, trail.key(forged)) in told(report.contradictions)


def test_two_contents_under_one_name_are_told_apart_by_the_next_digest(trail: Estate) -> None:
    path = trail.digests[2]
    other = trail.folder / "second-delivery" / path.name
    other.parent.mkdir()
    shutil.copy(path, other)
    rewrite(other, lambda document: document.update(logFiles=[]))
    found = only(trail.report().contradictions)
    assert (found.kind, found.source) == (Kind.DIGEST_REPLACED, str(other))


def test_a_digest_that_lacks_what_every_digest_has_is_named(trail: Estate) -> None:
    path = trail.digests[-1]
    rewrite(path, lambda document: document.pop("digestS3Object"))
    found = only(trail.report().contradictions)
    assert (found.kind, found.name) == (Kind.DIGEST_UNREADABLE, str(path))


class Claiming(Signer):
    """Signs with its own key and says that it was another's."""

    @property
    def fingerprint(self) -> str:
        return SIGNER.fingerprint


def own() -> str:
    return SIGNER.fingerprint
