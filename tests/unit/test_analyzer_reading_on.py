"""Reading on: a reading that is given up in the middle loses nothing and takes nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer import volume
from analyzer.case import Case
from tests.cli.terminal import NOW, keyledger
from tests.golden import ROOT


class GivenUpError(Exception):
    """Nobody waits any longer."""


@pytest.mark.parametrize("words", [1, 2, 5])
def test_a_reading_that_was_given_up_goes_on_where_it_ended(
    words: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume, "STRIDE", 20)
    path = tmp_path / "case.db"
    keyledger("ingest", str(ROOT / "samples/stories/payroll-key-deleted"), "--ledger", str(path))
    heard: list[int] = []

    def give_up(done: int, total: int) -> None:
        assert done <= total
        heard.append(done)
        if len(heard) == words:
            raise GivenUpError

    with Case.open(path) as case, Case.open(path) as fresh:
        with pytest.raises(GivenUpError):
            case.playback("end", None, NOW, give_up)
        assert case.state(None, "end", None, NOW) == fresh.state(None, "end", None, NOW)
        told = case.playback("end", None, NOW).happenings
        assert told == fresh.playback("end", None, NOW).happenings


def test_how_far_it_is_never_goes_back_and_ends_at_everything(tmp_path: Path) -> None:
    path = tmp_path / "case.db"
    keyledger("ingest", str(ROOT / "samples/stories"), "--ledger", str(path))
    heard: list[float] = []
    with Case.open(path) as case:
        case.playback("end", None, NOW, lambda done, total: heard.append(done / total))
    assert heard == sorted(heard)
    assert 0 <= heard[0] <= heard[-1] <= 1
