"""Changes of verdict: what a follower says when more is known, or a clock has run out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzer.answers.shape import Document

Verdicts = Mapping[str, Document]
"""Rows of `state`, by the immutable id of their database."""


def verdicts(state: Document) -> Verdicts:
    """Take the databases out of a `state` document."""
    return {row["resource_id"] or row["arn"]: row for row in state["databases"]}


def changes(before: Verdicts, state: Document) -> Iterator[Document]:
    """Yield each database whose verdict is another than before, by ARN.

    Args:
        before: the verdicts that were told last.
        state: the `state` document of now.
    """
    now = verdicts(state)
    for identity in sorted(now, key=lambda one: (now[one]["arn"], one)):
        row, was = now[identity], before.get(identity)
        if was is None or was["verdict"] != row["verdict"]:
            yield {
                "at": state["at"],
                "known_at": state["known_at"],
                "database": row["arn"],
                "name": row["name"],
                "resource_id": row["resource_id"],
                "before": None if was is None else was["verdict"],
                "after": row["verdict"],
                "status": row["status"],
                "unrecoverable_since": row["unrecoverable_since"],
                "recoverable_until": row["recoverable_until"],
                "cause": row["cause"],
            }
