"""Assumptions: how they are spelled."""

from __future__ import annotations

import pytest

from analyzer.counterfactual.assumption import Assumption, parse
from analyzer.errors import (
    UnreadableAssumptionError,
)


def test_an_assumption_may_be_spelled_loosely() -> None:
    read = parse("  ScheduleKeyDeletion   arn:aws:kms:x:1:key/k   9d@-3d ")
    assert read == Assumption(
        operation="ScheduleKeyDeletion", key="arn:aws:kms:x:1:key/k", time="-3d", days=9
    )


@pytest.mark.parametrize(
    "written",
    [
        "", "DisableKey", "DisableKey k", "DisableKey @ now", "DisableKey k @",
        "disablekey k @ now",
        "ExplodeKey k @ now", "DisableKey k 7d @ now", "ScheduleKeyDeletion k 6d @ now",
        "ScheduleKeyDeletion k 31d @ now", "ScheduleKeyDeletion k 7 @ now", "DisableKey a b @ now",
    ],
)  # fmt: skip
def test_an_assumption_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(UnreadableAssumptionError) as caught:
        parse(written)
    assert caught.value.forms
