"""Eras: what AWS documented about a lost key has changed; a replay applies what was in force then.

Sources: the histories of the RDS guide's page on encryption (Overview.Encryption). Its text of June
2023 knows seven recoverable days, and names the loss of RDS's grant as a loss of access; that of
2026 adds two hours after detection, an exception for instances without backups, and names only the
disabled key. When between the two the text changed is not known: the day after the older text was
last seen is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from analyzer.errors import UnknownRulesError
from analyzer.frozen import Frozen
from analyzer.moment import HOUR, Moment, parse_iso
from analyzer.timeline import DAWN


class Rules(Frozen, frozen=True, kw_only=True):
    """The rules of one era.

    Attributes:
        name: how it is named on a command line and in answers.
        since: from when it is in force.
        source: which text says so.
        grace: microseconds from detection to the inaccessible status (RDS, not Aurora).
        is_recoverable: whether there is a recoverable status at all.
        spares_without_backups: whether an instance without backups stays until its volume is
        detached. needs_grant: whether losing RDS's grant is a loss of access by itself.
    """

    name: str
    since: Moment
    source: str
    grace: int
    is_recoverable: bool
    spares_without_backups: bool
    needs_grant: bool


def _day(written: str) -> Moment:
    found = parse_iso(written)
    if found is None:
        raise ValueError(written)
    return found


ERAS: Final = (
    Rules(
        name="terminal-at-once",
        since=DAWN,
        source="RDS guide before 4 March 2022: inaccessible-encryption-credentials is terminal",
        grace=0,
        is_recoverable=False,
        spares_without_backups=False,
        needs_grant=True,
    ),
    Rules(
        name="seven-days",
        since=_day("2022-03-04"),
        source="RDS guide from 4 March 2022: recoverable for seven days",
        grace=0,
        is_recoverable=True,
        spares_without_backups=False,
        needs_grant=True,
    ),
    Rules(
        name="two-hours",
        since=_day("2023-06-11"),
        source="RDS guide of 2026: two hours after detection, then recoverable for seven days",
        grace=2 * HOUR,
        is_recoverable=True,
        spares_without_backups=True,
        needs_grant=False,
    ),
)
"""Oldest first."""

CURRENT: Final = ERAS[-1]

Rulebook = Callable[[Moment], Rules]
"""Which rules apply to a loss at a moment."""


def in_force(at: Moment) -> Rules:
    """Return the rules that were in force at a moment."""
    return next(rules for rules in reversed(ERAS) if rules.since <= at)


def always(rules: Rules) -> Rulebook:
    """Return a rulebook that applies one era's rules to every moment."""
    return lambda _at: rules


def named(name: str) -> Rules:
    """Return the era of that name; raises UnknownRulesError."""
    for rules in ERAS:
        if rules.name == name:
            return rules
    raise UnknownRulesError(name, tuple(rules.name for rules in ERAS))
