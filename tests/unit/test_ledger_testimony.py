"""Audits against what was kept elsewhere, and the signatures under checkpoints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.audit import audit
from ledger.checkpoint import Checkpoint
from ledger.entry import OWN_LANE, Kind
from ledger.hashing import EMPTY_ROOT, sha256
from ledger.keyfile import KeyFile
from ledger.keyring import change_keys
from ledger.keys import PrivateKey, PublicKey
from ledger.report import AuditReport
from ledger.signing import introduce, rotate, signer
from ledger.store import Ledger
from tests.ledger_support import (
    NOW,
    append,
    attacker,
    content,
    identify,
    make,
    notes,
    record,
    records,
)

FIRST = PrivateKey(name="tests", seed=b"1" * 32)
SECOND = PrivateKey(name="tests", seed=b"2" * 32)
STRANGER = PrivateKey(name="tests", seed=b"3" * 32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Ten entries, a key (10), ten more, a new key (21), ten more: 32, a checkpoint for each."""
    path = tmp_path / "test.db"
    keys = KeyFile(tmp_path / "test.db.key")
    with Ledger.create(path, origin="tests", now=NOW) as ledger:
        append(ledger, records(10))
        ledger.checkpoint(NOW)
        introduce(ledger, keys, seed=FIRST.seed, now=NOW, identify=identify, content=content)
        append(ledger, records(10, start=10))
        ledger.checkpoint(NOW, signer(ledger, keys))
        rotate(
            ledger,
            keys,
            seed=SECOND.seed,
            is_lost=False,
            now=NOW,
            identify=identify,
            content=content,
        )
        append(ledger, records(10, start=20))
        ledger.checkpoint(NOW, signer(ledger, keys))
    return path


@pytest.fixture
def kept(path: Path) -> Iterator[tuple[Checkpoint, ...]]:
    """The checkpoints of 10, 21 and 32 entries: unsigned, by the first key, by the second."""
    with Ledger.open(path) as ledger:
        yield ledger.checkpoints()


def audited(
    path: Path, against: Checkpoint | None = None, key: PublicKey | None = None
) -> AuditReport:
    with Ledger.open(path, readonly=True) as ledger:
        return audit(ledger, against=against, key=key)


def broken(report: AuditReport) -> list[tuple[int | None, str]]:
    assert report.outcome == "broken"
    return [(found.index, found.kind.value) for found in report.breaks]


def forge(path: Path, size: int, checkpoint: Checkpoint) -> None:
    with attacker(path) as conn:
        conn.execute("UPDATE checkpoints SET note = ? WHERE size = ?", (str(checkpoint), size))


def test_signatures_are_checked_with_the_keys_that_were_in_force(path: Path) -> None:
    report = audited(path)
    assert (report.outcome, notes(report)) == ("intact", ())
    assert (report.checkpoints_checked, report.checkpoints_signed) == (3, 2)


def test_a_ledger_extends_every_checkpoint_that_was_kept(
    path: Path, kept: tuple[Checkpoint, ...]
) -> None:
    for old in kept:
        report = audited(path, old)
        assert report.outcome == "intact"
        assert report.kept is not None
        assert report.kept.extends
        assert report.checkpoints_checked == 3
    assert audited(path, kept[1], FIRST.public()).outcome == "intact"
    assert audited(path, kept[2], SECOND.public()).outcome == "intact"


def test_a_ledger_without_checkpoints_is_checked_against_one_all_the_same(
    tmp_path: Path,
) -> None:
    path = tmp_path / "bare.db"
    with Ledger.create(path, origin="tests", now=NOW) as ledger:
        append(ledger, records(300))
        old = Checkpoint(origin="tests", size=300, root=ledger.head().root)
        append(ledger, records(20, start=300))
    assert audited(path, old).outcome == "intact"
    assert broken(audited(path, replace(old, size=299))) == [(298, "root")]


def test_a_tail_cut_with_all_its_checkpoints_is_seen(
    path: Path, kept: tuple[Checkpoint, ...], tmp_path: Path
) -> None:
    """The ledger that is left is consistent in itself: what a full rewrite of the tail leaves."""
    del path
    cut = make(tmp_path / "cut.db", [records(10)])
    assert audited(cut).outcome == "intact"
    report = audited(cut, kept[1])
    assert broken(report) == [(10, "truncated")]
    assert report.kept is not None
    assert report.kept.extends is False


def test_a_ledger_rewritten_from_the_first_entry_on_is_seen(
    kept: tuple[Checkpoint, ...], tmp_path: Path
) -> None:
    other = [record(b"id-00000|another value"), *records(40, start=1)]
    rewritten = make(tmp_path / "rewritten.db", [other])
    assert audited(rewritten).outcome == "intact"
    for old in kept:
        assert broken(audited(rewritten, old)) == [(old.size - 1, "root")]


def test_another_ledger_is_another_ledger(path: Path, kept: tuple[Checkpoint, ...]) -> None:
    report = audited(path, replace(kept[0], origin="other"))
    assert broken(report) == [(9, "root")]
    assert "another ledger" in report.breaks[0].detail


def test_a_checkpoint_of_nothing_shows_nothing(path: Path) -> None:
    empty = Checkpoint(origin="tests", size=0, root=EMPTY_ROOT)
    report = audited(path, empty)
    assert report.outcome == "incomplete"
    assert "every ledger extends that" in report.notes[0]


def test_what_damage_keeps_from_being_compared_is_not_said_to_hold(
    path: Path, kept: tuple[Checkpoint, ...]
) -> None:
    with attacker(path) as conn:
        conn.execute("DELETE FROM tiles")
        conn.execute("DELETE FROM segments WHERE first > 0 AND first < 21")
    report = audited(path, kept[2])
    assert report.outcome == "broken"
    assert report.kept is not None
    assert report.kept.extends is None


def test_a_kept_checkpoint_whose_signature_does_not_hold_contradicts(
    path: Path, kept: tuple[Checkpoint, ...]
) -> None:
    foreign = replace(kept[1], signatures=replace(kept[1], size=20).signed(FIRST).signatures)
    assert broken(audited(path, foreign, FIRST.public())) == [(20, "root")]
    assert broken(audited(path, foreign)) == [(20, "root")]


@pytest.mark.parametrize("place", [0, 2])
def test_a_kept_checkpoint_that_the_key_did_not_sign_is_incomplete(
    path: Path, kept: tuple[Checkpoint, ...], place: int
) -> None:
    report = audited(path, kept[place], FIRST.public())
    assert report.outcome == "incomplete"
    assert "is not signed by the key" in " ".join(report.notes)


def test_a_key_that_never_signed_here_is_incomplete(path: Path) -> None:
    report = audited(path, None, STRANGER.public())
    assert report.outcome == "incomplete"
    assert audited(path, None, FIRST.public()).outcome == "intact"


def test_a_signature_that_does_not_hold_is_a_break(
    path: Path, kept: tuple[Checkpoint, ...]
) -> None:
    foreign = replace(kept[1], size=20).signed(FIRST).signatures
    forge(path, 21, replace(kept[1], signatures=foreign))
    assert broken(audited(path)) == [(20, "root")]


def test_a_signature_by_a_key_that_was_replaced_is_a_break(
    path: Path, kept: tuple[Checkpoint, ...]
) -> None:
    forge(path, 32, replace(kept[2], signatures=()).signed(FIRST))
    report = audited(path)
    assert broken(report) == [(31, "root")]
    assert "not in force" in report.breaks[0].detail


def test_a_signature_that_was_taken_off_is_told(path: Path, kept: tuple[Checkpoint, ...]) -> None:
    for left in ((), kept[2].signatures):  # none, or that of a key that came later
        forge(path, 21, replace(kept[1], signatures=left))
        report = audited(path)
        assert (report.outcome, report.checkpoints_signed) == ("intact", 1)
        assert notes(report) == ("not signed by the key of their time: 1 of the checkpoints",)


def test_signatures_of_strangers_are_left_alone(path: Path, kept: tuple[Checkpoint, ...]) -> None:
    forge(path, 21, kept[1].signed(replace(STRANGER, name="witness.example")))
    assert audited(path).outcome == "intact"


def test_a_key_brought_in_without_the_old_keys_word_is_told(path: Path) -> None:
    """Whoever can write the ledger can do this. It cannot be done unseen."""
    with Ledger.open(path) as ledger:
        keys = KeyFile(path.with_name("thief.key"))
        rotate(
            ledger,
            keys,
            seed=STRANGER.seed,
            is_lost=True,
            now=NOW,
            identify=identify,
            content=content,
        )
        ledger.checkpoint(NOW, signer(ledger, keys))
    report = audited(path)
    assert notes(report) == ("entry 32 changes keys without the old key's word",)
    assert audited(path, None, SECOND.public()).outcome == "incomplete"
    assert audited(path, None, STRANGER.public()).outcome == "intact"


def test_an_entry_that_is_no_change_of_keys_is_a_break(path: Path) -> None:
    payload = change_keys("tests", STRANGER, FIRST.public()).encode()
    with Ledger.open(path) as ledger:
        forged = record(payload, source=sha256(payload), lane=OWN_LANE)
        append(ledger, [forged._replace(kind=Kind.KEY)])
    assert broken(audited(path)) == [(32, "payload")]
