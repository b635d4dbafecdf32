"""`state`: keys and databases at a moment."""

from __future__ import annotations

from collections.abc import Collection

from analyzer.answers.forecast import forecast_of_all
from analyzer.answers.listing import Listing
from analyzer.answers.shape import Document, Scope
from analyzer.history.naming import Named


def state(scope: Scope, only: Named | None, listing: Listing | None = None) -> Document:
    """Build the contract's `state` document.

    Args:
        scope: what is known and which moment is asked about.
        only: the one resource to show, None for all.
        listing: of the same history, where one was made before.
    """
    history, at = scope.history, scope.at
    listed = listing or Listing(history)
    keys = _chosen(history.keys, only, "key")
    databases = _chosen(history.groups.database_facts, only, "database")
    return {
        **scope.head(),
        "keys": list(listed.keys(keys, at)),
        "databases": listed.databases(databases, at),
        "forecast": [
            one.document() for one in forecast_of_all(history, at, databases=databases, keys=keys)
        ],
        "undecoded": scope.undecoded,
        "redacted": [one.document() for one in scope.redacted],
    }


def _chosen(ids: Collection[str], only: Named | None, kind: str) -> Collection[str]:
    if only is None:
        return ids
    return [only.id] if only.kind == kind and only.id in ids else []
