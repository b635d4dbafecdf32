"""Spans: what a history says of keys, databases and copies through time, as rows of tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.evidence import Evidence
from analyzer.history.history import History
from analyzer.moment import Moment
from analyzer.resource import Fact
from analyzer.resources.kms_key.events import KeyCreated
from analyzer.timeline import DAWN, Known
from analyzer.warehouse.table import Table

Cells = tuple[Any, ...]


def keys(history: History) -> Iterator[Cells]:
    """Yield the rows of `keys`."""
    for arn in history.keys:
        last = history.key(arn).last
        assert last is not None  # noqa: S101 - a key's timeline begins before everything
        account, region = _place(arn)
        facts = history.groups.key_facts.get(arn, ())
        yield (
            arn, last.key_id, account, region, last.manager, last.origin, last.multi_region,
            _creation(history, arn), _first(facts),
        )  # fmt: skip


def key_spans(history: History) -> Iterator[Cells]:
    """Yield the rows of `key_spans`; what lies before a recorded creation is left out."""
    for arn in history.keys:
        created = _creation(history, arn)
        for span in history.key(arn).spans():
            if created is not None and span.end is not None and span.end <= created:
                continue
            start = span.start if created is None else max(span.start, created)
            state = span.value
            yield (
                arn, state.key_id, state.status.value, state.is_usable,
                *_known(state.since, start, span.end), time(state.deletion_date),
                *_causes(state.cause, state.root),
            )  # fmt: skip


def databases(history: History) -> Iterator[Cells]:
    """Yield the rows of `databases`."""
    for identity, facts in history.groups.database_facts.items():
        last = history.database(identity).last
        if last is None:
            continue
        traits, (account, region) = last.traits, _place(last.traits.arn)
        yield (
            identity, traits.arn, traits.name or _name(traits.arn), traits.kind, traits.engine,
            account, region, history.groups.key_of(identity), traits.is_encrypted,
            traits.retention_days, _first(facts),
        )  # fmt: skip


def database_spans(history: History) -> Iterator[Cells]:
    """Yield the rows of `database_spans`."""
    for identity in history.groups.database_facts:
        states, judgements = history.database(identity), history.judgements(identity)
        moments = sorted({*states.starts, *judgements.starts})
        for start, end in zip(moments, [*moments[1:], None], strict=True):
            state, judged = states.at(start), judgements.at(start)
            if state is None or judged is None:
                continue
            traits, lost = state.traits, judged.seen_unrecoverable
            loss = None if judged.lost_data is None else judged.lost_data // 1_000_000
            yield (
                identity, traits.arn, traits.name or _name(traits.arn), traits.kind,
                traits.engine, traits.resource_id, history.groups.key_of(identity), state.status,
                judged.verdict.value, judged.seen.value, *_known(state.since, start, end),
                None if lost is None else time(lost.at), time(judged.until), loss,
                *_causes(judged.cause or state.cause, judged.root),
            )  # fmt: skip


def copy_spans(history: History) -> Iterator[Cells]:
    """Yield the rows of `copy_spans`."""
    for identity in history.groups.database_facts:
        for copy in history.copies(identity):
            for span in copy.spans():
                held = span.value
                yield (
                    identity, held.id, held.kind.value, held.key, held.condition.value,
                    time(held.since.at), time(span.start), time(span.end), held.since.basis.value,
                    time(held.restorable_to), time(held.expires), *_causes(held.cause, held.root),
                )  # fmt: skip


def joined(table: Table, rows: Iterator[Cells]) -> Iterator[Cells]:
    """Join neighbours that differ in nothing but their stretch of time.

    Args:
        table: with the columns `start_at` and `end_at`.
        rows: of one resource after the other, each in time order.
    """
    start, end = table.names.index("start_at"), table.names.index("end_at")
    held: Cells | None = None
    for row in rows:
        if held is None:
            held = row
        elif held[end] == row[start] and (*held[:start], *held[end + 1 :]) == (
            *row[:start], *row[end + 1 :],
        ):  # fmt: skip
            held = (*held[:end], *row[end:])
        else:
            yield held
            held = row
    if held is not None:
        yield held


def time(at: Moment | None) -> Moment | None:
    """Return a moment as a table holds it: what lies before the ledger begins is null."""
    return None if at is None or at == DAWN else at


def _known(since: Known | None, start: Moment, end: Moment | None) -> Cells:
    """Return since, start_at, end_at, basis, earliest, latest."""
    if since is None:
        return (None, time(start), time(end), "bounded", None, None)
    bounds = (time(since.earliest), time(since.latest))
    return (time(since.at), time(start), time(end), since.basis.value, *bounds)


def _causes(cause: Evidence | None, root: Evidence | None) -> Cells:
    """Return entry_index and the cause columns."""
    return (*_cited(cause), *_cited(root))


def _cited(by: Evidence | None) -> Cells:
    return (None, None, None) if by is None else (by.entry, by.event_name, by.actor)


def _creation(history: History, arn: str) -> Moment | None:
    """Return when a key was created, as far as a record tells."""
    created = (
        fact.evidence.time
        for fact in history.groups.key_facts.get(arn, ())
        if isinstance(fact.event, KeyCreated) and not fact.has_failed
    )
    return min(created, default=None)


def _first(facts: list[Fact] | tuple[Fact, ...]) -> int | None:
    return min((fact.evidence.entry for fact in facts), default=None)


def _place(arn: str) -> tuple[str | None, str | None]:
    """Return account and Region of an ARN; nulls where it is none."""
    parts = arn.split(":")
    spoken = len(parts) > 5  # noqa: PLR2004 - an ARN has six parts
    return (parts[4] or None, parts[3] or None) if spoken else (None, None)


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]
