"""Placing: which shard an entry of an answer lies in, said beside its number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer import place
from analyzer.answers.shape import Document


def placed(document: Document, names: Mapping[int, str]) -> Document:
    """Return a document in which every object with an `entry` also has `shard` and `shard_entry`.

    Args:
        document: an answer.
        names: of the shards, by number.
    """
    found: Document = {}
    for name, held in document.items():
        found[name] = _placed(held, names)
        if name == "entry" and isinstance(held, int) and place.split(held)[0] in names:
            shard, index = place.split(held)
            found |= {"shard": names[shard], "shard_entry": index}
    return found


def _placed(value: Any, names: Mapping[int, str]) -> Any:
    if isinstance(value, list):
        return [_placed(one, names) for one in value]
    return placed(value, names) if isinstance(value, dict) else value
