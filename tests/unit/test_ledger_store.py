from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from ledger.admission import Admit, Candidate, Conflict, Duplicate
from ledger.audit import audit
from ledger.batch import prepare
from ledger.checkpoint import Checkpoint
from ledger.derived import Source
from ledger.entry import MAX_PAYLOAD, Kind, Step
from ledger.errors import (
    LedgerExistsError,
    LedgerMissingError,
    LedgerReadOnlyError,
    LedgerUnwritableError,
    MalformedError,
    NotALedgerError,
)
from ledger.hashing import EMPTY_ROOT, NO_LINK, Digest, sha256
from ledger.segment import MAX_BYTES, MAX_ENTRIES
from ledger.store import Ledger
from ledger.stretch import Stretch
from tests.ledger_support import (
    NOW,
    SOURCE,
    append,
    content,
    erase,
    identify,
    make,
    record,
    records,
    sqlite3,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.create(path, origin="tests", now=NOW) as made:
        yield made


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


def test_any_slice_of_the_entries_is_read(ledger: Ledger) -> None:
    for start in range(0, 700, 100):
        append(ledger, records(100, start=start))
    for start, stop in ((0, 700), (0, 1), (99, 101), (250, 650), (699, 900), (300, 300), (9, 3)):
        read = [entry.header.index for entry in ledger.entries(start, stop)]
        assert read == list(range(start, min(stop, 700)))


def test_one_lane_is_read_without_touching_the_frames_of_others(ledger: Ledger, path: Path) -> None:
    append(ledger, records(300))
    ledger.rows.connection.execute("DROP TRIGGER frames_update")
    ledger.rows.connection.execute("UPDATE frames SET payloads = x'00' WHERE lane = 1")
    control = list(ledger.entries(lanes={0}))
    assert [entry.header.index for entry in control] == list(range(0, 300, 5))
    assert {entry.header.lane for entry in control} == {0}
    assert list(ledger.entries(lanes={7})) == []
    assert [e.header.index for e in ledger.entries(7, 26, lanes={0, 7})] == [10, 15, 20, 25]


@pytest.mark.parametrize("lanes", [{0}, {1}, {0, 1}, {7}, {0, 7}])
@pytest.mark.parametrize("bounds", [(0, 700), (7, 26), (99, 101), (250, 650), (699, 900), (9, 3)])
def test_what_is_read_of_a_lane_by_columns_is_what_is_read_entry_by_entry(
    ledger: Ledger, lanes: set[int], bounds: tuple[int, int]
) -> None:
    for start in range(0, 700, 100):
        append(ledger, records(100, start=start))
    erase(ledger, 250, 255, 301)
    whole = list(ledger.entries(*bounds, lanes=lanes))
    stretches = list(ledger.stretches(*bounds, lanes=lanes))
    assert [row for stretch in stretches for row in _rows(stretch)] == [
        (header.index, header.sealed_at, header.kind, header.lane, header.source, header.position,
         entry.payload, header.payload)
        for entry in whole for header in [entry.header] if entry.payload is not None
    ]  # fmt: skip
    erased = {index: found for one in stretches for index, found in one.erased.items()}
    assert erased == {one.header.index: one.erased for one in whole if one.payload is None}


def _rows(stretch: Stretch) -> Iterator[tuple[object, ...]]:
    for row in zip(
        stretch.indexes, stretch.kinds, stretch.lanes, stretch.sources, stretch.positions,
        stretch.payloads, stretch.digests, strict=True,
    ):  # fmt: skip
        yield row[0], stretch.sealed_at, *row[1:]


def test_a_reader_sees_the_ledger_as_of_its_call(ledger: Ledger) -> None:
    append(ledger, records(5))
    reading = ledger.entries()
    append(ledger, records(5, start=5))
    assert len(list(reading)) == 5


def test_an_entry_that_is_not_there_is_an_index_error(ledger: Ledger) -> None:
    append(ledger, records(3))
    for index in (-1, 3):
        with pytest.raises(IndexError):
            ledger.entry(index)


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


def test_there_is_one_ledger_per_path(path: Path, ledger: Ledger) -> None:
    append(ledger, records(3))
    with pytest.raises(LedgerExistsError):
        Ledger.create(path, origin="tests", now=NOW)
    with Ledger.create(path, origin="another", now=NOW, exist_ok=True) as same:
        assert (same.size, same.origin) == (3, "tests")


def test_a_creation_that_was_killed_half_way_is_completed(path: Path) -> None:
    path.touch()
    with pytest.raises(NotALedgerError):
        Ledger.open(path)
    with Ledger.create(path, origin="tests", now=NOW) as ledger:
        append(ledger, records(3))


@pytest.mark.parametrize("origin", ["", "two\nlines", "\x1b[31mred", "\ud800"])
def test_an_origin_is_one_line_of_printable_text(path: Path, origin: str) -> None:
    with pytest.raises(MalformedError):
        Ledger.create(path, origin=origin, now=NOW)
    assert not path.exists()


def test_nothing_at_the_path_is_a_missing_ledger(path: Path) -> None:
    with pytest.raises(LedgerMissingError):
        Ledger.open(path)
    assert not path.exists()
    path.symlink_to("nowhere")
    with pytest.raises(LedgerMissingError):
        Ledger.open(path)


def test_a_ledger_in_a_missing_directory_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnwritableError, match="no directory"):
        Ledger.create(tmp_path / "a" / "b.db", origin="tests", now=NOW)


def _another_database(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as connection:
        connection.execute("CREATE TABLE segments (first INTEGER PRIMARY KEY)")


@pytest.mark.parametrize(
    "prepare_path",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"SQLite format 3\0"),
        lambda path: path.write_bytes(bytes(range(256)) * 100),
        lambda path: path.write_text('{"Records": []}'),
        lambda path: path.mkdir(),
        lambda path: path.symlink_to("/dev/null"),
        _another_database,
    ],
    ids=["empty", "cut header", "random bytes", "text", "directory", "device", "other database"],
)
def test_something_else_at_the_path_is_not_a_ledger(
    path: Path, prepare_path: Callable[[Path], object]
) -> None:
    prepare_path(path)
    before = path.read_bytes() if path.is_file() else None
    for readonly in (True, False):
        with pytest.raises(NotALedgerError) as raised:
            Ledger.open(path, readonly=readonly)
        assert raised.value.path == path
    if before:  # an empty file may become a ledger: a killed creation leaves one
        with pytest.raises(NotALedgerError):
            Ledger.create(path, origin="tests", now=NOW, exist_ok=True)
    assert before is None or path.read_bytes() == before


def test_a_ledger_of_a_later_format_is_not_read(path: Path, ledger: Ledger) -> None:
    ledger.rows.connection.execute("PRAGMA user_version = 2")
    with pytest.raises(NotALedgerError, match="its format is 2"):
        Ledger.open(path)


@pytest.mark.parametrize("readonly", [True, False])
def test_reading_leaves_the_file_as_it_is(tmp_path: Path, *, readonly: bool) -> None:
    path = make(tmp_path / "test.db", [records(100)])
    before = path.read_bytes()
    with Ledger.open(path, readonly=readonly) as ledger:
        assert len(list(ledger.entries())) == 100
        assert audit(ledger).outcome == "intact"
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["test.db"]


def test_a_pending_log_is_read_and_left_alone(tmp_path: Path) -> None:
    path = make(tmp_path / "test.db", [records(100)])
    with Ledger.open(path) as ledger:
        append(ledger, records(100, start=100))
        copied = [
            shutil.copyfile(tmp_path / f"test.db{end}", tmp_path / f"copy.db{end}")
            for end in ("", "-wal")
        ]
    before = [each.read_bytes() for each in copied]
    with Ledger.open(copied[0], readonly=True) as ledger:
        assert audit(ledger).size == 200
    assert [each.read_bytes() for each in copied] == before


def test_a_ledger_opened_for_reading_refuses_every_write(path: Path, ledger: Ledger) -> None:
    append(ledger, records(3))
    with Ledger.open(path, readonly=True) as reader:
        with pytest.raises(LedgerReadOnlyError):
            append(reader, records(3, start=3))
        with pytest.raises(LedgerReadOnlyError):
            reader.checkpoint(NOW)
        assert reader.size == 3


def test_the_file_name_may_hold_anything(tmp_path: Path) -> None:
    path = make(tmp_path / "a?mode=memory#%41 ü\udcff.db", [records(2)])
    assert path.exists()
    with Ledger.open(path) as ledger:
        assert ledger.size == 2


def test_closing_twice_is_harmless(ledger: Ledger) -> None:
    ledger.close()
    ledger.close()


@pytest.mark.parametrize("needle", [b"id-00137", b"value 1", b"ue 4|", b"9id-", b"nowhere"])
def test_entries_with_certain_bytes_are_found_without_looking_through_the_others(
    ledger: Ledger, needle: bytes
) -> None:
    for start in range(0, 400, 100):
        append(ledger, records(100, start))
    for lanes in (None, {1}):
        found = list(ledger.entries(50, 390, lanes=lanes, needle=needle))
        whole = ledger.entries(50, 390, lanes=lanes)
        assert found == [one for one in whole if one.payload and needle in one.payload]
