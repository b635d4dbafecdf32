"""The shelf of rules: each looks for one thing that deserves attention, in one file."""

from analyzer.finding import RuleModule
from analyzer.rules import (
    database_at_risk,
    database_needs_action,
    database_offline,
    database_unrecoverable,
    key_deleted,
    key_deletion_scheduled,
    key_impossible_move,
    key_unusable_in_use,
    record_conflict,
    trail_silent,
)

RULES: tuple[RuleModule, ...] = (
    database_unrecoverable,
    database_needs_action,
    database_offline,
    database_at_risk,
    key_deleted,
    key_deletion_scheduled,
    key_unusable_in_use,
    key_impossible_move,
    trail_silent,
    record_conflict,
)
