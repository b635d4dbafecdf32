"""Rows of catalogued queries as findings: beside the rules' own, in their incidents."""

from __future__ import annotations

from analyzer import moment
from analyzer.answers.asked import findings_of, joined
from analyzer.evidence import Evidence
from analyzer.findings.finding import Finding, Severity

AT = moment.parse_iso("2026-06-14T02:11:31Z") or 0
CITED = Evidence(entry=7, event_id="e", event_name="DisableKey", time=AT)


def asked(row: dict[str, object], cited: Evidence | None = CITED) -> Finding:
    [found] = findings_of("root_calls", "Calls by root", "Who?", "medium", [(row, cited)])
    return found


def test_a_row_is_a_finding_about_what_it_names() -> None:
    found = asked(
        {"event_time": "2026-06-14T02:00:00Z", "actor": "root", "key_arn": "arn:k", "calls": 3,
         "has_mfa": False, "users": ["a", "b"], "error_code": None, "entry_index": 7}
    )  # fmt: skip
    assert (found.rule, found.severity) == ("query.root_calls", Severity.MEDIUM)
    assert (found.resource, found.since) == ("arn:k", AT - 691_000_000)
    assert found.changes == (
        "actor: root", "key arn: arn:k", "calls: 3", "has mfa: no", "users: a, b",
    )  # fmt: skip


def test_a_row_without_a_time_begins_with_its_record() -> None:
    assert asked({"name": "orders"}).since == AT
    assert asked({"name": "orders"}).resource == "root_calls"


def test_a_row_that_reports_an_absence_cites_nothing_and_sorts() -> None:
    absent = asked({"name": "orders"}, None)
    assert absent.evidence == ()
    assert joined([], [asked({}), absent]) == (absent, asked({}))


def test_a_row_belongs_to_the_incident_of_its_record() -> None:
    ruled = Finding(
        rule="kms.unusable-in-use", severity=Severity.HIGH, resource="arn:k", title="", detail="",
        since=AT, until=None, evidence=(CITED,), incident="2026-06-14#7",
    )  # fmt: skip
    assert {one.incident for one in joined([ruled], [asked({})])} == {"2026-06-14#7"}
