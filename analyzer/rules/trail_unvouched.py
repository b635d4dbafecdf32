"""A stretch for which CloudTrail's digest files were promised and do not vouch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.digests.unvouched import Reason, Unvouched
from analyzer.evidence import Evidence
from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.moment import text

RULE: Final = Rule(
    name="trail.unvouched",
    title="CloudTrail's digest files do not vouch for a stretch",
    severity=Severity.MEDIUM,
    false_positives=(
        "Only part of the bucket was ingested.",
        "Nothing contradicts, something is missing; a contradiction is high.",
    ),
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
    "cloudtrail-log-file-validation-intro.html",
)

_WORDS: Final = {
    Reason.MISSING: "digest files are missing",
    Reason.OFF: "the trail, or its digest files, were off",
    Reason.ABSENT: "log files that digest files name are not here",
    Reason.CONTRADICTED: "a log file or digest file is not what CloudTrail signed",
}


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each such stretch; it stands, however long ago it was, until the files are ingested."""
    for one in survey.history.unvouched:
        where = " ".join(filter(None, (one.account, one.region))) or "an unknown account"
        is_contradicted = one.reason is Reason.CONTRADICTED
        if one.shown_by:
            yield RULE.finding(
                resource=one.account or "",
                detail=f"In {where} {_WORDS[one.reason]}, from {text(one.start)} to "
                f"{text(one.end)}; `gaps` tells which.",
                since=one.start,
                evidence=tuple(_cited(one, entry) for entry in one.shown_by),
                severity=Severity.HIGH if is_contradicted else None,
            )


def _cited(one: Unvouched, entry: int) -> Evidence:
    """Cite a file that lies in the ledger as it is; nobody called anything."""
    return Evidence(
        entry=entry,
        event_id="",
        event_name="CloudTrail file",
        time=one.start,
        region=one.region,
        account=one.account,
    )
