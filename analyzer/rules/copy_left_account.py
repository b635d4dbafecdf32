"""A copy of the data that went to another account, or under a key of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.moment import Moment
from analyzer.recovery.copies import Copy, Kind
from analyzer.wording import account_of, cited, named

RULE: Final = Rule(
    name="rds.copied-to-outsider",
    title="Copy or export in the hands of another account",
    severity=Severity.HIGH,
    false_positives=("The backup account of the same organisation copies on purpose.",),
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html",
)

_KINDS: Final = frozenset({Kind.SNAPSHOT_COPY, Kind.EXPORT, Kind.REPLICATED_BACKUP})


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each snapshot copy, export or backup that another account owns or can read alone."""
    for identity in survey.databases:
        home = account_of(survey.arn(identity, survey.born(identity)))
        own = survey.history.key_of(identity)
        for copy in survey.history.copies(identity):
            first = copy.values[0]
            if first.kind not in _KINDS or first.cause is None:
                continue
            in_hands = {account_of(first.id), account_of(first.key or "")}
            owners = sorted(one for one in in_hands if one is not None and one != home)
            if not owners or (first.key == own and account_of(first.id) == home):
                continue
            yield RULE.finding(
                resource=first.id,
                detail=f"{cited(first.cause)} put data of {survey.name(identity, first.since.at)} "
                f"({first.kind.value}) into the hands of the account {named(owners)}.",
                since=copy.starts[0],
                until=_end(copy),
                evidence=(first.cause,),
            )


def _end(copy: Copy) -> Moment | None:
    return next((span.start for span in copy.spans() if span.value.condition.is_lost), None)
