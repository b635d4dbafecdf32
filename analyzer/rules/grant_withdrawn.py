"""RDS's own grant on the key of a living database was withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzer.findings.finding import Finding, Rule, Severity
from analyzer.findings.survey import Survey
from analyzer.moment import HOUR
from analyzer.resources.kms_grant import GrantGiven, GrantTaken
from analyzer.wording import cited

RULE: Final = Rule(
    name="kms.grant-withdrawn",
    title="RDS's grant on the key withdrawn",
    severity=Severity.HIGH,
    false_positives=("RDS has another grant that no record tells of.",),
    source="https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
)


def seen(survey: Survey) -> Iterator[Finding]:
    """Yield each stretch in which a living database has lost every grant on record.

    The documents contradict each other on what that means: in 2023 the RDS guide counted it as a
    loss of access, in 2026 it names only the disabled key.
    """
    for identity, moves in survey.history.groups.grant_moves.items():
        states, held = survey.history.database(identity), set[str]()
        for index, move in enumerate(moves):
            if isinstance(move.said, GrantGiven):
                held.add(move.said.grant)
                continue
            if not isinstance(move.said, GrantTaken) or move.evidence is None:
                continue
            held.discard(move.said.grant)
            after = states.at(move.at + HOUR)  # RDS retires its grant around a deletion
            if held or after is None or after.deleted_by is not None:
                continue
            given = (one.at for one in moves[index + 1 :] if isinstance(one.said, GrantGiven))
            name = survey.name(identity, move.at)
            yield RULE.finding(
                resource=survey.arn(identity, move.at),
                detail=f"{cited(move.evidence)} withdrew the last grant on record by which RDS "
                f"uses the key of {name}; what runs may go on, starting, restoring and copying "
                "fail.",
                since=move.at,
                until=min(filter(None, (next(given, None), survey.died(identity))), default=None),
                evidence=(move.evidence,),
            )
