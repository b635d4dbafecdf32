"""A database under a key of another account, which decides over its life."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.wording import account_of

RULE: Final = Rule(
    name="rds.foreign-key",
    title="Database under another account's key",
    severity=Severity.MEDIUM,
    is_condition=True,
    false_positives=("The key account of the same organisation holds all keys on purpose.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each database that lies under another account's key, until it is deleted."""
    for identity in survey.databases:
        key, since = survey.history.key_of(identity), survey.born(identity)
        arn = survey.arn(identity, since)
        owner = None if key is None else account_of(key)
        if owner is None or account_of(arn) in {owner, None}:
            continue
        yield RULE.finding(
            resource=arn,
            detail=f"{survey.name(identity, since)} lies under a key of the account {owner}: who "
            "disables it there stops the database here, and no record here may tell of it.",
            since=since,
            until=survey.died(identity),
            evidence=(survey.first_record(identity),),
        )
