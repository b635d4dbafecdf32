"""Suppressions: a reason and an end, or none at all."""

from __future__ import annotations

import pytest

from analyzer.errors import SuppressionError
from analyzer.findings.finding import Finding, Severity
from analyzer.findings.suppressions import covering, parse
from analyzer.moment import DAY, parse_iso
from analyzer.wildcard import fits

RULES = ("kms.deletion-scheduled", "rds.single-key")
NOW = parse_iso("2026-08-01") or 0
GOOD = {
    "rule": '"kms.deletion-scheduled"',
    "resource": '"arn:aws:kms:*:key/1234*"',
    "reason": '"OPS-1"',
    "until": "2026-09-01",
}


def entry(**changed: str | None) -> str:
    members = {**GOOD, **changed}
    lines = (f"{name} = {value}\n" for name, value in members.items() if value is not None)
    return "[[suppress]]\n" + "".join(lines)


def finding(rule: str = RULES[0], resource: str = "arn:aws:kms:eu:1:key/1234-5") -> Finding:
    return Finding(
        rule=rule, severity=Severity.HIGH, resource=resource, title="", detail="", since=0,
        until=None, evidence=(),
    )  # fmt: skip


def test_an_entry_covers_what_its_patterns_fit_until_its_end() -> None:
    held = parse(entry().encode(), RULES)
    assert covering(held, finding(), NOW) == held[0]
    assert covering(held, finding("rds.single-key"), NOW) is None
    assert covering(held, finding(resource="arn:aws:kms:eu:1:key/9"), NOW) is None
    assert covering(held, finding(), held[0].until - 1) == held[0]
    assert covering(held, finding(), held[0].until) is None


@pytest.mark.parametrize(
    "until", ["2026-09-01", '"2026-09-01"', "2026-09-01T00:00:00Z", "2026-09-01T02:00:00+02:00"]
)
def test_an_end_is_a_day_or_a_moment(until: str) -> None:
    [one] = parse(entry(until=until).encode(), RULES)
    assert one.until - NOW == 31 * DAY


@pytest.mark.parametrize(
    ("text", "number", "detail"),
    [
        ("[[suppress", None, "it is not TOML"),
        ("a = " + "[" * 5_000, None, "it is not TOML"),
        ("[allow]", None, "it holds [[suppress]] entries and nothing else"),
        ("suppress = 3", None, "it holds [[suppress]] entries and nothing else"),
        ("suppress = [3]", 1, "it is not a table"),
        (entry(reason=None), 1, "it gives no reason"),
        (entry(reason='"  "'), 1, "it gives no reason"),
        (entry() + entry(until=None), 2, "it gives no day or time in `until`"),
        (entry(until='"soon"'), 1, "it gives no day or time in `until`"),
        (entry(resource="[]"), 1, "it gives no resource"),
        (entry(rule='"kms.deletion-sheduled"'), 1, "no rule is named kms.deletion-sheduled"),
        (entry(owner='"me"'), 1, "it has no member owner"),
    ],
)
def test_what_is_not_to_be_relied_on_is_refused(text: str, number: int | None, detail: str) -> None:
    with pytest.raises(SuppressionError) as refused:
        parse(text.encode(), RULES)
    assert refused.value.number == number
    assert refused.value.detail.startswith(detail)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(SuppressionError):
        parse(b"# \xff", RULES)


def test_an_empty_file_suppresses_nothing() -> None:
    assert parse(b"", RULES) == ()


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("", "", True), ("*", "", True), ("?", "", False), ("a*c", "abbc", True),
        ("a*c", "abb", False), ("*b*b*", "abab", True), ("a?c", "abc", True), ("[ab]", "a", False),
        ("**", "x", True), ("a*b*c", "axbxbxc", True), ("*a", "b" * 9_000, False),
    ],
)  # fmt: skip
def test_a_wildcard_fits_the_whole_value(pattern: str, value: str, *, expected: bool) -> None:
    assert fits(pattern, value) is expected
