"""Digest files of a trail that nobody touched vouch for it, as far as signatures are here."""

from __future__ import annotations

from analyzer.digests.check import Held, check
from analyzer.digests.keys import read_keys
from analyzer.digests.report import Mark
from analyzer.moment import of
from tests.digest_support import KEYS, SIGNER, Estate
from tests.digests.reading import OTHER
from tests.simulator.digests import DigestTrail, public_keys


def test_a_whole_trail_is_valid_but_for_the_newest_digest_whose_signature_nothing_carries(
    trail: Estate,
) -> None:
    report = trail.report()
    assert (report.contradictions, report.gaps, report.remarks) == ((), (), ())
    assert report.marks == {
        Mark.VALID: 7, Mark.INVALID: 0, Mark.UNVERIFIED: 1, Mark.UNCHECKED: 0,
    }  # fmt: skip
    assert report.outcome == "incomplete"
    assert report.chains[0].newest == trail.key(trail.digests[-1])


def test_with_the_saved_signature_of_the_newest_digest_everything_holds(trail: Estate) -> None:
    trail.trail.save_signature(trail.digests[-1])
    report = trail.report()
    assert report.outcome == "intact"
    assert report.marks[Mark.VALID] == 8


def test_a_saved_signature_finds_its_digest_under_any_name(trail: Estate) -> None:
    saved = trail.trail.save_signature(trail.digests[-1])
    saved.rename(trail.folder / "head-object.json")
    assert trail.report().outcome == "intact"


def test_without_public_keys_hashes_hold_and_nothing_is_called_valid(trail: Estate) -> None:
    trail.trail.save_signature(trail.digests[-1])
    report = trail.report({})
    assert report.marks[Mark.UNCHECKED] == 8
    assert report.outcome == "incomplete"
    assert (report.contradictions, report.gaps) == ((), ())


def test_where_nothing_could_be_checked_the_outcome_is_not_intact() -> None:
    assert check(Held(), KEYS).outcome == "incomplete"
    assert check(Held(), {}).outcome == "incomplete"


def test_a_key_of_another_name_checks_nothing(trail: Estate) -> None:
    keys = read_keys([("keys", public_keys(OTHER))])
    with_other = trail.report(keys)
    assert with_other.marks[Mark.UNCHECKED] == 7
    assert with_other.contradictions == ()


def test_every_log_file_that_is_named_and_here_is_vouched_for(trail: Estate) -> None:
    report = trail.report()
    [chain] = report.chains
    assert chain.named == chain.held == len(trail.logs)
    assert {one.log_file.key for one in report.vouched.values()} == set(map(trail.key, trail.logs))


def test_empty_digests_assert_silence(trail: Estate) -> None:
    for path in trail.logs:
        path.unlink()
    quiet = trail.folder.parent / "quiet"
    quiet.mkdir()
    again = DigestTrail(account=trail.aws.account, region=trail.aws.region, signer=SIGNER)
    digests = again.hourly(quiet, trail.start, trail.hour(5))
    report = Estate(folder=quiet, aws=trail.aws, trail=again, digests=digests).report()
    [first] = report.silences
    assert (first.start, first.end) == (of(trail.start), of(trail.hour(5)))
    assert (first.count, first.is_signed) == (5, False)  # the newest is not verified
