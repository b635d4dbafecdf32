"""Chains of digest files: what is missing, cut, begun anew or doubled is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.digests.report import Kind
from analyzer.moment import of
from tests.digest_support import SIGNER, Estate, estate, rewrite
from tests.digests.reading import only, told
from tests.simulator.digests import DigestTrail


@pytest.mark.parametrize("count", [1, 2, 4])
def test_missing_digests_are_counted_and_the_last_one_is_named(trail: Estate, count: int) -> None:
    for path in trail.digests[2 : 2 + count]:
        path.unlink()
    found = next(one for one in trail.report().gaps if one.kind is Kind.DIGESTS_MISSING)
    assert found.name == trail.key(trail.digests[1 + count])
    assert (found.start, found.end) == (of(trail.hour(2)), of(trail.hour(2 + count)))
    assert found.count == count
    assert only(trail.report().gaps) == found


def test_a_chain_cut_at_its_beginning_is_named(trail: Estate) -> None:
    for path in trail.digests[:3]:
        path.unlink()
    found = only(trail.report().gaps)
    assert (found.kind, found.name) == (Kind.CHAIN_CUT, trail.key(trail.digests[2]))
    assert (found.start, found.end) == (None, of(trail.hour(3)))


def test_a_chain_cut_and_made_to_look_like_a_beginning_is_named(trail: Estate) -> None:
    for path in trail.digests[:3]:
        path.unlink()
    first = trail.digests[3]
    rewrite(first, lambda document: document.update(dict.fromkeys(PREVIOUS)))
    found = only(trail.report().contradictions)
    assert (found.kind, found.name) == (Kind.DIGEST_REPLACED, trail.key(first))


def test_a_chain_that_began_anew_has_a_gap_before_it(tmp_path: Path) -> None:
    whole = estate(tmp_path / "logs", hours=3)
    whole.trail.restart()
    later = whole.trail.hourly(whole.folder, whole.hour(9), whole.hour(11))
    found = only(whole.report().gaps)
    assert (found.kind, found.name) == (Kind.CHAIN_RESTARTED, whole.key(later[0]))
    assert (found.start, found.end) == (of(whole.hour(3)), of(whole.hour(9)))


def test_hours_of_which_no_digest_speaks_are_named_though_the_chain_is_whole(
    tmp_path: Path,
) -> None:
    whole = estate(tmp_path / "logs", hours=3)
    whole.trail.hourly(whole.folder, whole.hour(5), whole.hour(6))
    found = only(whole.report().gaps)
    assert found.kind is Kind.HOURS_WITHOUT_DIGESTS
    assert (found.start, found.end) == (of(whole.hour(3)), of(whole.hour(5)))


def test_digests_out_of_order_are_valid_and_each_is_told(tmp_path: Path) -> None:
    whole = estate(tmp_path / "logs", hours=2)
    whole.trail.hourly(whole.folder, whole.hour(5), whole.hour(6))
    again = [whole.trail.write(whole.folder, whole.hour(n), whole.hour(n + 1)) for n in (4, 3, 2)]
    whole.trail.hourly(whole.folder, whole.hour(6), whole.hour(8))
    report = whole.report()
    assert (report.contradictions, report.gaps) == ((), ())
    assert {found.name for found in report.remarks} == {whole.key(path) for path in again}
    assert {found.kind for found in report.remarks} == {Kind.DIGEST_OUT_OF_ORDER}


def test_digests_that_changed_names_are_each_told_and_still_valid(trail: Estate) -> None:
    first, second = trail.digests[2:4]
    spare = first.with_name("spare")
    first.rename(spare)
    second.rename(first)
    spare.rename(second)
    report = trail.report()
    assert report.gaps == report.contradictions == ()
    assert sorted(told(report.remarks), key=str) == [
        (Kind.DIGEST_RENAMED, trail.key(path)) for path in (first, second)
    ]


def test_backfill_digests_have_a_chain_of_their_own_and_close_the_gap(trail: Estate) -> None:
    for path in trail.digests[3:5]:
        path.unlink()
    backfill = DigestTrail(account=trail.aws.account, region=trail.aws.region, signer=SIGNER)
    for number in (3, 4):
        backfill.write(trail.folder, trail.hour(number), trail.hour(number + 1), is_backfill=True)
    report = trail.report()
    assert [one.chain.is_backfill for one in report.chains] == [False, True]
    found = only(report.gaps)
    assert (found.kind, found.is_covered) == (Kind.DIGESTS_MISSING, True)


def test_two_trails_are_two_chains_and_one_may_vouch_for_the_gaps_of_the_other(
    trail: Estate,
) -> None:
    second = DigestTrail(
        account=trail.aws.account, region=trail.aws.region, signer=SIGNER, trail="second_trail"
    )
    second.hourly(trail.folder, trail.start, trail.hour(8))
    trail.digests[3].unlink()
    report = trail.report()
    assert [one.chain.trail for one in report.chains] == ["main", "second_trail"]
    assert only(report.gaps).is_covered


PREVIOUS = (
    "previousDigestS3Bucket", "previousDigestS3Object", "previousDigestHashValue",
    "previousDigestHashAlgorithm", "previousDigestSignature",
)  # fmt: skip
