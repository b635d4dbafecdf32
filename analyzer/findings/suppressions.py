"""Suppressions: findings that somebody has looked at and does not want to hear of for a while.

They stand in a TOML file, each with the reason and a day on which it ends:

    [[suppress]]
    rule = "kms.deletion-scheduled"                # a rule's name; * and ? as wildcards
    resource = "arn:aws:kms:*:key/1234abcd-*"      # the finding's resource; * for any
    reason = "OPS-4711: the test account goes away"
    until = 2026-09-01                             # UTC; from then on the finding is back

One without a reason or an end is refused, so that nothing is hushed up for ever or for nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from analyzer import moment
from analyzer.errors import SuppressionError
from analyzer.findings.finding import Finding
from analyzer.moment import Moment
from analyzer.wildcard import fits

_MEMBERS: Final = ("rule", "resource", "reason", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One entry of the file.

    Attributes:
        rule: pattern of a rule's name.
        resource: pattern of a finding's resource.
        reason: why nobody needs to hear of it.
        until: from when on it has no effect.
    """

    rule: str
    resource: str
    reason: str
    until: Moment

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of a finding."""
        return fits(self.rule, finding.rule) and fits(self.resource, finding.resource)


def parse(content: bytes, rules: Iterable[str]) -> tuple[Suppression, ...]:
    """Read a file of suppressions.

    Args:
        content: the file, TOML.
        rules: the names of all rules, so that a misspelt one is noticed.

    Raises:
        SuppressionError: it is no TOML, or an entry lacks something or names no rule.
    """
    try:
        body = tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise SuppressionError(None, f"it is not TOML: {error}") from error
    listed = body.get("suppress", [])
    if set(body) - {"suppress"} or not isinstance(listed, list):
        raise SuppressionError(None, "it holds [[suppress]] entries and nothing else")
    names = tuple(rules)
    return tuple(_entry(one, number, names) for number, one in enumerate(listed, 1))


def covering(held: Sequence[Suppression], finding: Finding, now: Moment) -> Suppression | None:
    """Return the entry that is in force and speaks of a finding, the one that lasts longest."""
    fitting = [one for one in held if one.until > now and one.covers(finding)]
    return max(fitting, key=lambda one: one.until, default=None)


def _entry(written: Any, number: int, names: Sequence[str]) -> Suppression:
    if not isinstance(written, Mapping):
        raise SuppressionError(number, "it is not a table")
    unknown = sorted(set(written) - set(_MEMBERS))
    if unknown:
        raise SuppressionError(number, f"it has no member {', '.join(unknown)}")
    rule, resource, reason = (_text(written, name, number) for name in _MEMBERS[:3])
    if not any(fits(rule, name) for name in names):
        raise SuppressionError(number, f"no rule is named {rule}")
    return Suppression(
        rule=rule, resource=resource, reason=reason, until=_until(written.get("until"), number)
    )


def _text(written: Mapping[str, Any], name: str, number: int) -> str:
    value = written.get(name)
    if not isinstance(value, str) or not value.strip():
        raise SuppressionError(number, f"it gives no {name}")
    return value.strip()


def _until(written: Any, number: int) -> Moment:
    """Read a TOML date or time, or a text; what has no zone is UTC."""
    if isinstance(written, datetime):
        return moment.of(written if written.tzinfo is not None else written.replace(tzinfo=UTC))
    if isinstance(written, date):
        return moment.of(datetime.combine(written, time(), UTC))
    found = moment.parse_iso(written) if isinstance(written, str) else None
    if found is None:
        raise SuppressionError(number, "it gives no day or time in `until`")
    return found
