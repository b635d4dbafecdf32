"""What must hold for any bytes that somebody hands to an ingest: the oracle of the fuzzer.

Nothing raises but the errors that a source is allowed; both ways to cut agree; what is cut lies
where it says; what is admitted can be read, decoded, compared and replayed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from analyzer.answers.shape import Scope
from analyzer.answers.state import state
from analyzer.cloudtrail.body import Bytes, read_body
from analyzer.cloudtrail.cut import cut
from analyzer.cloudtrail.errors import SourceError
from analyzer.cloudtrail.record import content, duplicate_members, identify
from analyzer.cloudtrail.slices import Flaw, Item, Reject, Remark, Slice
from analyzer.history.history import History
from analyzer.reader import decode, event_time, read
from analyzer.resource import Fact

MAX_INFLATED = 1 << 20


def check(data: bytes) -> None:
    """Do with a source what an ingest and a question after it do; raises where it must not."""
    try:
        body = read_body(io.BytesIO(data), max_inflated=MAX_INFLATED, on_read=lambda _count: None)
    except SourceError as error:
        _require_printable(error.detail)
        return
    try:
        text = body.text.read(0, body.text.size)
        for fault in body.faults:
            _require_printable(fault.reason)
    finally:
        body.close()
    found = list(cut(Bytes(data=text)))
    assert found == list(cut(Bytes(data=text), is_quick=False))
    _require_places(text, found)
    _replay([item.payload for item in found if isinstance(item, Slice)])


def _require_printable(reason: str) -> None:
    """What is said about a source may quote it, but only so that a terminal does not obey."""
    assert reason.isprintable(), reason


def _require_places(text: bytes, found: Sequence[Item]) -> None:
    """Slices lie where they say, one behind the other, and reasons are fit for a terminal."""
    end = 0
    for item in found:
        match item:
            case Slice() | Reject():
                if isinstance(item, Reject):
                    _require_printable(item.reason)
                if not item.unwrapping:
                    assert text[item.offset : item.offset + len(item.payload)] == item.payload
                    assert item.offset >= end
                    end = item.offset + len(item.payload)
            case Flaw():
                _require_printable(item.reason)
            case Remark():
                pass


def _replay(payloads: Sequence[bytes]) -> None:
    facts = []
    for index, payload in enumerate(payloads):
        assert identify(payload)
        assert content(payload) == content(payload)
        duplicate_members(payload)
        assert event_time(payload) is not None
        record = read(index, payload)
        assert record is not None
        decoded = decode(record)
        if isinstance(decoded, Fact):
            facts.append(decoded)
    for at in {fact.evidence.time for fact in facts}:
        scope = Scope(
            history=History(facts), at=at, known_at=len(payloads), conflicts={}, undecoded=0
        )
        state(scope, None)
