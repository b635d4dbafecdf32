"""Digest files: whatever somebody does to logs and digest files is named, and nothing else is."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from analyzer.digests.check import Held, check
from analyzer.digests.keys import read_keys
from analyzer.digests.report import Finding, Kind, Mark
from analyzer.digests.rsa import is_signed, public_key
from analyzer.errors import MisspelledError
from analyzer.moment import of
from tests.digest_support import KEYS, SIGNER, Estate, estate, rewrite
from tests.simulator.delivery import gzipped
from tests.simulator.digests import DigestTrail, public_keys
from tests.simulator.signer import Signer

if TYPE_CHECKING:
    from pathlib import Path

OTHER = Signer.of("somebody else")


@pytest.fixture(scope="module")
def whole_trail(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    return estate(tmp_path_factory.mktemp("trail") / "logs")


@pytest.fixture
def trail(whole_trail: Estate, tmp_path: Path) -> Estate:
    return whole_trail.copied(tmp_path / "logs")


def told(findings: tuple[Finding, ...]) -> list[tuple[Kind, str | None]]:
    return [(finding.kind, finding.name) for finding in findings]


def only(findings: tuple[Finding, ...]) -> Finding:
    [finding] = findings
    return finding


def busy(trail: Estate) -> Path:
    """Return a log file from the middle, whose hour has a digest file on each side."""
    return trail.logs[len(trail.logs) // 2]


# Nothing is wrong.


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


# A log file.


def test_a_tampered_log_file_is_named(trail: Estate) -> None:
    path = busy(trail)
    rewrite(path, lambda document: document["Records"][0].update(eventName="Nothing"))
    report = trail.report()
    found = only(report.contradictions)
    assert (found.kind, found.name) == (Kind.LOG_FILE_ALTERED, trail.key(path))
    assert found.source == str(path)
    assert report.gaps == ()
    assert report.outcome == "broken"


def test_a_dropped_log_file_is_named_with_the_times_of_its_events(trail: Estate) -> None:
    path = busy(trail)
    records = json.loads(gzip.decompress(path.read_bytes()))["Records"]
    path.unlink()
    found = only(trail.report().gaps)
    assert (found.kind, found.name) == (Kind.LOG_FILE_ABSENT, trail.key(path))
    oldest = min(record["eventTime"] for record in records)
    assert found.start is not None
    assert found.start == _moment(oldest)


def test_a_log_file_that_no_digest_names_is_named(trail: Estate) -> None:
    path = busy(trail)
    forged = path.with_name(path.name[:-24] + "A" * 16 + path.name[-8:])
    shutil.copy(path, forged)
    rewrite(forged, lambda document: document["Records"][0].update(eventID="forged"))
    found = only(trail.report().gaps)
    assert (found.kind, found.name) == (Kind.LOG_FILE_UNNAMED, str(forged))


def test_log_files_of_other_times_and_other_sources_are_beyond_what_digests_say(
    trail: Estate,
) -> None:
    (trail.folder / "events.jsonl").write_text(
        '{"eventTime": "2026-01-01T00:00:00Z", "eventSource": "kms.amazonaws.com",'
        ' "eventName": "EnableKey"}'
    )
    before = len(list(trail.folder.glob("AWSLogs/*/CloudTrail/**/*.gz"))) - len(trail.logs)
    report = trail.report()
    assert report.gaps == ()
    assert report.outside == before + 1


def test_log_files_and_digests_that_were_moved_are_found_by_their_hash(trail: Estate) -> None:
    flat = trail.folder.parent / "flat"
    flat.mkdir()
    for path in [*trail.digests, *trail.logs]:
        shutil.copy(path, flat / path.name)
    moved = Estate(folder=flat, aws=trail.aws, trail=trail.trail, digests=trail.digests)
    report = moved.report()
    assert (report.contradictions, report.gaps, report.remarks) == ((), (), ())


def test_log_files_and_digests_that_were_inflated_on_disk_are_the_same_files(
    trail: Estate,
) -> None:
    for path in [*trail.digests, *trail.logs]:
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    report = trail.report()
    assert (report.contradictions, report.gaps, report.remarks) == ((), (), ())


def test_a_log_file_without_a_record_is_here_too(tmp_path: Path) -> None:
    whole = estate(tmp_path / "logs", hours=2)
    empty = whole.logs[0].with_name(whole.logs[0].name[:-24] + "E" * 16 + ".json.gz")
    empty.write_bytes(gzipped(b'{"Records":[]}'))
    source = {"s3Bucket": "b", "s3Object": whole.key(empty), "hashValue": _sha(b'{"Records":[]}')}
    rewrite(whole.digests[-1], lambda document: document["logFiles"].append(source))
    report = whole.report()
    assert (report.contradictions, report.gaps) == ((), ())


def test_a_renamed_log_file_is_still_the_log_file_and_that_is_told(trail: Estate) -> None:
    path = busy(trail)
    renamed = path.rename(path.with_name("evidence-17.gz"))
    report = trail.report()
    assert report.gaps == ()
    found = only(report.remarks)
    assert (found.kind, found.name) == (Kind.LOG_FILE_RENAMED, trail.key(path))
    assert found.source == str(renamed)


# A digest file.


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
        rewrite(path, lambda document: document.update(digestPublicKeyFingerprint=_own()))
    report = whole.report()
    kinds = {found.kind for found in report.contradictions}
    assert kinds <= {Kind.DIGEST_REPLACED, Kind.SIGNATURE_INVALID}
    assert {found.name for found in report.contradictions} == set(map(whole.key, digests[:3]))


def test_signatures_alone_tell_a_forged_chain_whose_hashes_fit(tmp_path: Path) -> None:
    whole = estate(tmp_path / "logs", hours=4)
    for path in whole.digests:
        path.unlink()
    forger = DigestTrail(
        account=whole.aws.account, region=whole.aws.region, signer=_Claiming(p=OTHER.p, q=OTHER.q)
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


# The chain.


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
    rewrite(first, lambda document: document.update(dict.fromkeys(_PREVIOUS)))
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


# How they are spelled.


def test_a_digest_file_with_blanks_behind_it_is_the_same_document(trail: Estate) -> None:
    """CloudTrail hashes the file; a pipe that joined files left only the documents."""
    joined = b"\n".join(gzip.decompress(path.read_bytes()) for path in trail.digests)
    for path in trail.digests:
        path.unlink()
    (trail.folder / "joined.json.gz").write_bytes(gzipped(joined + b"\n"))
    report = trail.report()
    assert report.marks[Mark.VALID] == 7
    assert (report.contradictions, report.gaps) == ((), ())


def test_both_encodings_of_a_public_key_are_read() -> None:
    for is_spki in (False, True):
        keys = read_keys([("keys", public_keys(SIGNER, is_spki=is_spki))])
        key = public_key(keys[SIGNER.fingerprint])
        assert key is not None
        assert is_signed(key, b"said", SIGNER.sign(b"said"))
        assert not is_signed(key, b"sad", SIGNER.sign(b"said"))
        assert not is_signed(key, b"said", "no signature")


def test_keys_of_several_regions_are_read_together() -> None:
    keys = read_keys([("one", public_keys(SIGNER)), ("two", public_keys(OTHER))])
    assert keys.keys() == {SIGNER.fingerprint, OTHER.fingerprint}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"no JSON", b"{}", b'{"PublicKeyList": 1}', b'{"PublicKeyList": [1]}',
        b'{"PublicKeyList": [{}]}',
        b'{"PublicKeyList": [{"Fingerprint": "aa", "Value": "not base64!"}]}',
    ],
)  # fmt: skip
def test_what_is_no_list_of_public_keys_is_an_error(content: bytes) -> None:
    with pytest.raises(MisspelledError):
        read_keys([("keys.json", content)])


def test_a_value_that_is_no_rsa_key_checks_nothing(trail: Estate) -> None:
    report = trail.report({SIGNER.fingerprint: b"no key"})
    assert report.marks[Mark.UNCHECKED] == 7


_PREVIOUS = (
    "previousDigestS3Bucket", "previousDigestS3Object", "previousDigestHashValue",
    "previousDigestHashAlgorithm", "previousDigestSignature",
)  # fmt: skip


class _Claiming(Signer):
    """Signs with its own key and says that it was another's."""

    @property
    def fingerprint(self) -> str:
        return SIGNER.fingerprint


def _own() -> str:
    return SIGNER.fingerprint


def _sha(content: bytes) -> str:
    return sha256(content).hexdigest()


def _moment(spelled: str) -> int:
    return of(datetime.fromisoformat(spelled))
