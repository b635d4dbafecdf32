"""Inbox: messages to the objects that are to be sealed for them; decided from what they say.

Whoever may write to a queue may name any object. Where places were named beside the queue, only
what lies there is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analyzer.s3.address import SIGNATURE, parse_bucket
from analyzer.s3.layout import Selection, wants
from analyzer.s3.notices import Told

if TYPE_CHECKING:
    from analyzer.s3.queue import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which of the objects that messages tell of are read.

    Attributes:
        places: bucket and prefix of what was named beside the queue; empty for everything.
        selection: which folders of CloudTrail's layout are meant.
    """

    places: tuple[tuple[str, str], ...]
    selection: Selection

    @classmethod
    def of(cls, arguments: Sequence[str], selection: Selection) -> Rule:
        """Return the rule for addresses in S3, as typed; raises AddressError."""
        places = [parse_bucket(one) for one in arguments]
        folders = [(bucket, key if key[-1:] in {"", "/"} else f"{key}/") for bucket, key in places]
        return cls(places=tuple(folders), selection=selection)

    def takes(self, one: Told) -> bool:
        """Whether an object is read."""
        tops = [top for bucket, top in self.places if bucket == one.bucket]
        below = [top for top in tops if one.key.startswith(top)] if self.places else [""]
        return any(wants(one.key, top, self.selection) for top in below)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Messages that came together, and what is to be done for them.

    Attributes:
        messages: those that can be understood, each with the names of the objects it waits for.
        warnings: sentences about the others, and about objects that were removed.
    """

    messages: tuple[tuple[Message, frozenset[str]], ...]
    warnings: tuple[str, ...]

    @property
    def sources(self) -> list[str]:
        """The objects that are to be sealed, each once, as arguments of an ingest."""
        return sorted(set().union(*(names for _, names in self.messages)))

    def settled(self, sources: Iterable[Mapping[str, Any]]) -> list[Message]:
        """Return the messages that may be deleted.

        Args:
            sources: what became of the objects, as in the document of an ingest. One that is
                damaged was read all the same, and will not get better.
        """
        unread = {
            str(one["source"]).removesuffix(SIGNATURE)
            for one in sources
            if one["error"] is not None and one["sha256"] is None
        }
        return [message for message, names in self.messages if names.isdisjoint(unread)]


def arrival(messages: Sequence[Message], rule: Rule) -> Arrival:
    """Say what is to be done for some messages."""
    understood = [one for one in messages if one.notice.problem is None]
    return Arrival(
        messages=tuple(
            (one, frozenset(told.name for told in one.notice.made if rule.takes(told)))
            for one in understood
        ),
        warnings=tuple(_warnings(messages, rule)),
    )


def _warnings(messages: Sequence[Message], rule: Rule) -> Iterator[str]:
    for one in messages:
        if one.notice.problem is not None:
            yield f"message {one.id} is left in the queue: {one.notice.problem}"
        for told in one.notice.removed:
            if rule.takes(told):
                yield f"{told.name}: was removed from its bucket"
