"""What somebody with a bare connection can do about redactions, and what an audit says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ledger.checkpoint import Checkpoint
from ledger.errors import BrokenError
from ledger.redaction import Redaction
from ledger.report import Outcome
from ledger.segment import deflate
from ledger.store import Ledger
from tests.ledger_support import NOW, attacker, audited, copy, erase
from tests.redaction.erasing import HELD


def test_an_erased_payload_without_an_order_is_a_break(path: Path) -> None:
    """The frame as a redaction would leave it, but nothing that was sealed speaks of it."""
    redacted = copy(path, path.with_name("redacted.db"))
    with Ledger.open(redacted) as ledger:
        erase(ledger, HELD)
    with attacker(path) as conn:
        conn.execute("ATTACH ? AS other", (str(redacted),))
        conn.execute(
            "UPDATE frames SET payloads = (SELECT payloads FROM other.frames AS theirs"
            " WHERE theirs.first = frames.first AND theirs.lane = frames.lane)"
        )
        conn.execute("DETACH other")
    report = audited(path)
    assert [(each.index, each.kind.value) for each in report.breaks] == [(HELD, "payload")]
    with Ledger.open(path) as ledger, pytest.raises(BrokenError):
        ledger.entry(HELD)


@pytest.mark.parametrize(
    "forgery",
    [
        "DELETE FROM redactions",
        "UPDATE redactions SET entry = 13",
        "UPDATE redactions SET ordered_by = 59",
        "UPDATE redactions SET ordered_by = 5000",
    ],
)
def test_a_redaction_whose_order_cannot_be_found_is_a_break(redacted: Path, forgery: str) -> None:
    with attacker(redacted) as conn:
        conn.execute(forgery)
    report = audited(redacted)
    assert report.outcome is Outcome.BROKEN
    assert HELD in [each.index for each in report.breaks]


def test_an_order_that_names_another_digest_excuses_nothing(redacted: Path) -> None:
    """The digest is in the leaf: an order with another one gives another leaf."""
    with Ledger.open(redacted) as ledger:
        order = Redaction.decode(ledger.entry(60).payload or b"")
    assert Redaction.decode(order.encode()) == order
    other = order.encode().replace(order.payload.hex().encode(), b"00" * 32)
    with attacker(redacted) as conn:
        conn.execute("UPDATE frames SET payloads = ? WHERE first = 60", (deflate(other),))
    assert {each.index for each in audited(redacted).breaks} >= {HELD, 60}


def test_a_door_left_open_is_a_break(redacted: Path) -> None:
    with attacker(redacted) as conn:
        conn.execute("UPDATE redactions SET is_done = 0")
    assert [(each.index, each.kind.value) for each in audited(redacted).breaks] == [
        (None, "schema")
    ]


def test_a_payload_that_was_put_back_is_told(path: Path) -> None:
    old = copy(path, path.with_name("old.db"))
    with Ledger.open(path) as ledger:
        erase(ledger, HELD)
    with attacker(path) as conn:
        conn.execute("ATTACH ? AS other", (str(old),))
        conn.execute(
            "UPDATE frames SET payloads = (SELECT payloads FROM other.frames AS theirs"
            " WHERE theirs.first = frames.first AND theirs.lane = frames.lane) WHERE first < 60"
        )
        conn.execute("DETACH other")
    report = audited(path)
    assert (report.outcome, report.redacted) == (Outcome.INTACT, ())
    assert any("still there" in note for note in report.notes)


def test_a_redaction_that_was_rolled_back_is_seen_by_the_checkpoint_behind_it(
    path: Path, tmp_path: Path
) -> None:
    """The whole file of before, put back: only a checkpoint kept elsewhere tells."""
    old = tmp_path / "old.db"
    shutil.copyfile(path, old)
    with Ledger.open(path) as ledger:
        erase(ledger, HELD)
        kept = str(ledger.checkpoint(NOW))
    with Ledger.open(old, readonly=True) as ledger:
        assert ledger.size < Checkpoint.parse(kept).size
    assert audited(old).outcome is Outcome.INTACT
