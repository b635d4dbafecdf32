"""`gaps`: where the evidence has holes, what contradicts it, and whose verdicts that touches."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.answers.shape import Document, Scope, evidence, time
from analyzer.answers.vouching import detail, matters_since
from analyzer.digests.document import ChainId
from analyzer.digests.report import ChainReport, DigestReport, Finding, Mark, Silence
from analyzer.history.gaps import Gap
from analyzer.lost import Lost
from analyzer.moment import Moment

_UNKEYED: Final = (
    "No public keys were given, so no signature was checked: save what `aws cloudtrail "
    "list-public-keys` prints, for each Region, and name it with --digest-keys."
)
_NO_DIGESTS: Final = (
    "There are no digest files in this ledger: CloudTrail does not vouch for any log file in it, "
    "and whether some are missing cannot be told. Ingest AWSLogs/…/CloudTrail-Digest too."
)
_NEWEST: Final = (
    "The signature of a digest file is in the one that comes after it, so that of the newest is "
    "not here: ingest the next one, or save what `aws s3api head-object` prints beside it."
)


def gaps(scope: Scope, report: DigestReport) -> Document:
    """Build the `gaps` document.

    Args:
        scope: what is known and which moment is asked about.
        report: what digest files say.
    """
    touched = _Touched.of(scope)
    return {
        **scope.head(),
        "outcome": report.outcome,
        "digests": summary(report),
        "gaps": [
            *(_of_trail(gap, touched) for gap in scope.history.gaps if gap.start <= scope.at),
            *(_finding(one, touched) for one in report.gaps),
            *(_of_shard(one, touched) for one in scope.lost),
        ],
        "contradictions": [_finding(one, touched) for one in report.contradictions],
        "chains": [_chain(one) for one in report.chains],
        "silences": [_silence(one) for one in report.silences],
        "remarks": [_finding(one, touched) for one in report.remarks],
        "notes": list(_notes(report)),
    }


def summary(report: DigestReport) -> Document | None:
    """Return the counts of a check of digest files; null where there are none."""
    if not report.is_any:
        return None
    kinds = [one.kind.value for one in (*report.gaps, *report.contradictions)]
    return {
        "files": sum(report.marks.values()),
        "signatures": {mark.value: count for mark, count in report.marks.items()},
        "public_keys": report.keys,
        "log_files": {
            "named": sum(one.named for one in report.chains),
            "held": sum(one.held for one in report.chains),
            "altered": kinds.count("log-file-altered"),
            "absent": kinds.count("log-file-absent"),
            "unnamed": kinds.count("log-file-unnamed"),
        },
        "other_sources": report.outside,
    }


def vouching(report: DigestReport) -> Document | None:
    """Build the member `digests` of `ingest`; null where there are no digest files."""
    counts = summary(report)
    if counts is None:
        return None
    return {
        "outcome": report.outcome,
        **counts,
        "gaps": Counter(one.kind.value for one in report.gaps if not one.is_covered),
        "contradictions": [
            {"kind": one.kind.value, "name": one.name, "detail": detail(one)}
            for one in report.contradictions
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Touched:
    """The databases whose verdict rests on clocks that run since a loss of access.

    Attributes:
        losses: by ARN, since when evidence matters and until when: from the loss on, and where no
            record of the key explains the loss, also what came before it.
        lacking: by the name of a lost shard those whose verdict it makes doubtful.
    """

    losses: Mapping[str, tuple[Moment, Moment]]
    lacking: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, scope: Scope) -> _Touched:
        losses: dict[str, tuple[Moment, Moment]] = {}
        lacking: dict[str, list[str]] = defaultdict(list)
        for identity in scope.history.groups.database_facts:
            state = scope.history.database(identity).at(scope.at)
            if state is None:
                continue
            if state.loss is not None:
                losses[state.traits.arn] = (matters_since(state.loss), scope.at)
            judged = scope.history.judgements(identity).at(scope.at) if scope.lost else None
            for lack in () if judged is None or judged.doubt is None else judged.doubt.lacks:
                lacking[lack.shard].append(state.traits.arn)
        return cls(losses=losses, lacking=lacking)

    def between(
        self, account: str | None, region: str | None, start: Moment | None, end: Moment | None
    ) -> list[str]:
        """Return the ARNs of those whose clocks run across a stretch."""
        return sorted(
            arn
            for arn, (since, until) in self.losses.items()
            if (start is None or start < until)
            and (end is None or end > since)
            and arn.split(":")[4] == account
            and region in (None, arn.split(":")[3])
        )


def _of_trail(gap: Gap, touched: _Touched) -> Document:
    """Return a gap that the trail's own records tell of."""
    what = "KMS events were excluded" if gap.is_of_kms else "logging was stopped"
    until = "nothing shows an end" if gap.end is None else f"until {time(gap.end)}"
    return {
        "kind": "kms-excluded" if gap.is_of_kms else "logging-stopped",
        "account": gap.account or None,
        "region": None,
        "trail": None,
        "from": time(gap.start),
        "to": time(gap.end),
        "name": None,
        "count": None,
        "covered": False,
        "entry": gap.cause.entry,
        "by": None,
        "source": None,
        "cause": evidence(gap.cause),
        "databases": touched.between(gap.account, None, gap.start, gap.end),
        "detail": f"{what} by {gap.cause.event_name}, {until}",
    }


def _of_shard(one: Lost, touched: _Touched) -> Document:
    """Return a shard of a fleet that cannot be taken into account, a gap as long as time."""
    account, region = one.place or (None, None)
    clocked = touched.between(account, region, None, None) if account else []
    return {
        "kind": "shard-lost",
        "account": account,
        "region": region,
        "trail": None,
        "from": None,
        "to": None,
        "name": one.name,
        "count": None,
        "covered": False,
        "entry": None,
        "by": None,
        "source": None,
        "cause": None,
        "databases": sorted({*clocked, *touched.lacking.get(one.name, ())}),
        "detail": f"the shard is {one.trouble.value}: {one.detail}",
    }


def _finding(one: Finding, touched: _Touched) -> Document:
    is_stretch = one.start is not None and one.end is not None and one.start < one.end
    return {
        "kind": one.kind.value,
        "account": one.account,
        "region": one.region,
        "trail": _trail(one.chain) if one.chain is not None else None,
        "from": time(one.start),
        "to": time(one.end),
        "name": one.name,
        "count": one.count,
        "covered": one.is_covered,
        "entry": one.entry,
        "by": one.by,
        "source": one.source,
        "cause": None,
        "databases": touched.between(one.account, one.region, one.start, one.end)
        if is_stretch and not one.is_covered
        else [],
        "detail": detail(one),
    }


def _chain(one: ChainReport) -> Document:
    return {
        "account": one.chain.account,
        "region": one.chain.region or None,
        "trail": _trail(one.chain),
        "backfill": one.chain.is_backfill,
        "from": time(one.start),
        "to": time(one.end),
        "files": sum(one.marks.values()),
        "signatures": {mark.value: one.marks[mark] for mark in Mark},
        "log_files": one.named,
        "held": one.held,
        "newest": one.newest,
    }


def _silence(one: Silence) -> Document:
    return {
        "account": one.chain.account,
        "region": one.chain.region or None,
        "trail": _trail(one.chain),
        "from": time(one.start),
        "to": time(one.end),
        "files": one.count,
        "signed": one.is_signed,
    }


def _trail(chain: ChainId) -> str | None:
    return chain.trail or None


def _notes(report: DigestReport) -> Iterator[str]:
    if not report.is_any:
        yield _NO_DIGESTS
        return
    marks = report.marks
    if not report.keys:
        yield _UNKEYED
    elif marks[Mark.UNCHECKED]:
        yield (
            f"The public key of {marks[Mark.UNCHECKED]} digest files was not among those given, so "
            "their signatures were not checked."
        )
    if _lack_newest(report.chains) and report.keys:
        yield _NEWEST
    if report.outside:
        yield (
            f"{report.outside} sources lie outside of what digest files speak of (other times, "
            "other Regions, or no files of a trail): nothing vouches for them."
        )


def _lack_newest(chains: Iterable[ChainReport]) -> bool:
    return any(one.marks[Mark.UNVERIFIED] for one in chains)
