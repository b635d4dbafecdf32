"""What is appended is sealed verbatim, once, in order; what is kept beside it."""

from __future__ import annotations

import pickle
from itertools import pairwise
from pathlib import Path

import pytest

from ledger.admission import Admit, Candidate, Conflict, Duplicate
from ledger.audit import audit
from ledger.batch import prepare
from ledger.checkpoint import Checkpoint
from ledger.derived import Source
from ledger.entry import MAX_PAYLOAD, Kind, Step
from ledger.errors import MalformedError
from ledger.hashing import EMPTY_ROOT, NO_LINK, Digest, sha256
from ledger.segment import MAX_BYTES, MAX_ENTRIES
from ledger.store import Ledger
from tests.ledger_support import NOW, SOURCE, append, content, identify, make, record, records


def test_an_empty_ledger_has_the_root_of_nothing(ledger: Ledger) -> None:
    head = ledger.head()
    assert (head.size, head.root, head.link) == (0, EMPTY_ROOT, NO_LINK)
    assert list(ledger.entries()) == []


def test_what_is_appended_is_read_back_verbatim(ledger: Ledger) -> None:
    offered = Candidate(
        kind=Kind.RECORD,
        source=SOURCE,
        position=3,
        offset=17,
        payload=b'a|"\\ud800" \x00\xff \x1b[31m',
        identity=b"a",
        unwrapping=(Step.BASE64, Step.GZIP, Step.JSON_STRING),
        time=5,
        lane=200,
    )
    assert append(ledger, [offered]) == (Admit(0),)
    entry = ledger.entry(0)
    header = entry.header
    assert entry.payload == offered.payload
    assert (header.index, header.previous, header.kind) == (0, NO_LINK, Kind.RECORD)
    assert (header.lane, header.unwrapping) == (200, offered.unwrapping)
    assert (header.sealed_at, header.source) == (NOW, SOURCE)
    assert (header.position, header.offset, header.length) == (3, 17, len(offered.payload))
    assert header.payload == sha256(offered.payload)
    assert ledger.head().link == header.leaf


def test_the_leaf_of_each_entry_is_the_link_of_the_next(ledger: Ledger) -> None:
    append(ledger, records(10))
    append(ledger, records(10, start=10))
    entries = list(ledger.entries())
    assert [entry.header.index for entry in entries] == list(range(20))
    for before, after in pairwise(entries):
        assert after.header.previous == before.header.leaf
    assert ledger.head().link == entries[-1].header.leaf


def test_an_empty_payload_is_an_entry_like_any_other(ledger: Ledger) -> None:
    reject = Candidate(kind=Kind.REJECT, source=SOURCE, position=0, offset=0, payload=b"")
    assert append(ledger, [reject]) == (Admit(0),)
    assert ledger.entry(0).payload == b""
    assert audit(ledger).outcome == "intact"


def test_appending_the_same_again_changes_nothing(ledger: Ledger) -> None:
    append(ledger, records(300))
    head = ledger.head()
    again = append(ledger, records(300))
    assert again == tuple(Duplicate(i) for i in range(300))
    assert ledger.head() == head


def test_duplicates_and_conflicts_inside_one_batch_are_found_too(ledger: Ledger) -> None:
    offered = [
        record(b"a|1"), record(b"b|1"), record(b"a| 1"), record(b"a|2"), record(b"a|2"),
        record(b"c|1"),
    ]  # fmt: skip
    assert append(ledger, offered) == (
        Admit(0), Admit(1), Duplicate(0), Conflict(2, against=0), Duplicate(2), Admit(3),
    )  # fmt: skip
    assert ledger.entry(2).header.kind is Kind.CONFLICT
    assert append(ledger, offered) == (
        Duplicate(0), Duplicate(1), Duplicate(0), Duplicate(2), Duplicate(2), Duplicate(3),
    )  # fmt: skip
    assert append(ledger, [record(b"a|3")]) == (Conflict(4, against=0),)


def test_identities_are_compared_in_full_when_prefixes_collide(ledger: Ledger) -> None:
    """64 bits are few enough for an attacker to find a collision: it must not drop an entry."""
    batch = prepare(records(50))
    batch.prefixes[:] = 7
    admissions = ledger.append(batch, sealed_at=NOW, identify=identify, content=content)
    assert admissions == tuple(Admit(i) for i in range(50))
    batch = prepare(records(51))
    batch.prefixes[:] = 7
    admissions = ledger.append(batch, sealed_at=NOW, identify=identify, content=content)
    assert admissions == (*(Duplicate(i) for i in range(50)), Admit(50))


def test_the_same_reject_at_another_place_is_another_entry(ledger: Ledger) -> None:
    def reject(offset: int, kind: Kind = Kind.REJECT) -> Candidate:
        return Candidate(kind=kind, source=SOURCE, position=0, offset=offset, payload=b"{}")

    assert append(ledger, [reject(1), reject(2), reject(1)]) == (Admit(0), Admit(1), Duplicate(0))
    assert append(ledger, [reject(2), reject(3)]) == (Duplicate(1), Admit(2))
    seals = [reject(1, Kind.SEAL), reject(2, Kind.SEAL)]
    assert append(ledger, seals) == (Admit(3), Duplicate(3))


@pytest.mark.parametrize(
    "wrong",
    [
        record(b"a|1")._replace(kind=Kind.CONFLICT),
        record(b"a|1")._replace(source=Digest(bytes(31))),
        record(b"a|1")._replace(position=-1),
        record(b"a|1")._replace(offset=1 << 63),
        record(b"a|1")._replace(lane=256),
        record(b"a|1")._replace(unwrapping=(Step.GZIP,) * 9),
        record(b"a|1")._replace(payload=bytes(MAX_PAYLOAD + 1)),
    ],
    ids=["conflict", "source", "position", "offset", "lane", "steps", "payload"],
)
def test_a_candidate_that_no_entry_can_hold_seals_nothing(ledger: Ledger, wrong: Candidate) -> None:
    with pytest.raises(MalformedError):
        append(ledger, [record(b"b|1"), wrong])
    assert ledger.size == 0


def test_a_time_that_no_header_can_hold_seals_nothing(ledger: Ledger) -> None:
    for sealed_at in (-1, 1 << 63):
        with pytest.raises(MalformedError):
            append(ledger, [record(b"b|1")], sealed_at=sealed_at)


def test_an_error_of_the_callers_function_seals_nothing(ledger: Ledger) -> None:
    append(ledger, [record(b"a|1")])

    def fails(_payload: bytes) -> bytes:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ledger.append(
            [record(b"z|1"), record(b"a|2")], sealed_at=NOW, identify=identify, content=fails
        )
    assert ledger.size == 1
    assert append(ledger, [record(b"z|1")]) == (Admit(1),)


def test_a_large_batch_becomes_several_segments(ledger: Ledger) -> None:
    append(ledger, records(2 * MAX_ENTRIES + 5))
    assert [span.count for span in ledger.spans()] == [MAX_ENTRIES, MAX_ENTRIES, 5]
    assert audit(ledger).outcome == "intact"


def test_large_payloads_become_segments_of_their_own(ledger: Ledger) -> None:
    large = [
        record(b"%d|" % i + bytes(size))
        for i, size in enumerate((MAX_BYTES // 2, MAX_BYTES // 2 - 4, MAX_BYTES + 1, 10))
    ]
    append(ledger, large)
    assert [span.count for span in ledger.spans()] == [2, 1, 1]
    assert [entry.payload for entry in ledger.entries()] == [each.payload for each in large]
    assert audit(ledger).outcome == "intact"


def test_the_size_at_a_time_is_that_before_anything_sealed_later(ledger: Ledger) -> None:
    for start, sealed_at in ((0, 100), (10, 200), (20, 300), (30, 250), (40, 400)):
        append(ledger, records(10, start=start), sealed_at=sealed_at)
    sizes = {at: ledger.size_at(at) for at in (0, 99, 100, 199, 200, 299, 300, 399, 400, 999)}
    assert sizes == {
        0: 0, 99: 0, 100: 10, 199: 10, 200: 20, 299: 20, 300: 40, 399: 40, 400: 50, 999: 50,
    }  # fmt: skip


def test_spans_say_which_times_callers_gave(ledger: Ledger) -> None:
    append(ledger, records(10))
    append(ledger, [record(b"untimed|1")._replace(time=None)])
    first, second = ledger.spans()
    assert (first.first, first.count, first.earliest, first.latest) == (0, 10, NOW, NOW + 9)
    assert (second.first, second.count, second.earliest, second.latest) == (10, 1, None, None)


def test_sources_and_notes_are_kept_beside_the_ledger(ledger: Ledger) -> None:
    source = Source(digest=SOURCE, name="a\udcff.json", recorded_at=5)
    reject = Candidate(
        kind=Kind.REJECT, source=SOURCE, position=0, offset=0, payload=b"?", note="no \ud800 record"
    )
    ledger.append(
        [record(b"a|1"), reject, reject],
        sealed_at=NOW,
        identify=identify,
        content=content,
        sources=[source],
    )
    ledger.record_source(Source(digest=SOURCE, name="b", recorded_at=9), source)
    assert [(kept.name, kept.recorded_at) for kept in ledger.sources()] == [
        ("a\\udcff.json", 5), ("b", 9),
    ]  # fmt: skip
    assert ledger.notes() == {1: "no \\ud800 record"}


def test_a_checkpoint_is_stored_once_per_size(ledger: Ledger) -> None:
    append(ledger, records(300))
    made = ledger.checkpoint(NOW)
    assert made == Checkpoint(origin="tests", size=300, root=ledger.head().root)
    assert ledger.checkpoint(NOW + 1) == made
    append(ledger, records(300, start=300))
    assert ledger.checkpoint(NOW) != made
    assert [kept.size for kept in ledger.checkpoints()] == [300, 600]


def test_a_prepared_batch_is_appended_like_its_candidates(tmp_path: Path) -> None:
    plain = make(tmp_path / "plain.db", [records(500)])
    with Ledger.create(tmp_path / "prepared.db", origin="tests", now=NOW) as prepared:
        batch = pickle.loads(pickle.dumps(prepare(records(500))))  # noqa: S301 - as between processes
        prepared.append(batch, sealed_at=NOW, identify=identify, content=content)
        with Ledger.open(plain) as other:
            assert prepared.head() == other.head()


def test_a_batch_gives_its_candidates_back() -> None:
    offered = [
        record(b"a|1"),
        record(b"b|1", position=7)._replace(time=None, unwrapping=(Step.GZIP, Step.BASE64)),
        record(b"c|1", source=sha256(b"other"))._replace(kind=Kind.REJECT, note="x", lane=9),
    ]
    batch = prepare(offered)
    assert [batch.candidate(place) for place in range(len(batch))] == offered
    assert len(prepare([])) == 0
