"""Audit: recompute everything that is sealed, and name what does not fit.

Streams the ledger once, in one snapshot, with one segment in memory at a time:

* every payload is hashed into its header, every header into its leaf, linked to the leaf before;
* leaves are compared with the stored tiles, and grown into a tree of our own;
* its nodes are compared with the stored ones, its root at their sizes with all checkpoints, whose
  signatures are checked with the keys that are sealed; and with one that was kept elsewhere;
* nothing may be missing, lie twice, lie elsewhere, or be left over;
* what was erased is covered by an order that was sealed;
* tables and guards must be those of a ledger.

Damage is a finding here, never an error: a row that cannot be read is a break at its entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Final

from ledger.checkpoint import Checkpoint
from ledger.connection import SQLITE_VERSION
from ledger.crew import called, checked, sensible
from ledger.derived import Derived
from ledger.errors import LedgerError, UnreadableError
from ledger.growth import Growth
from ledger.hashing import DIGEST_BYTES, NO_LINK, Digest
from ledger.keys import PublicKey
from ledger.merkle import NOTHING, TILE_WIDTH, split
from ledger.orders import order_breaks
from ledger.report import MAX_BREAKS, AuditReport, Break, BreakKind, Outcome, first_first
from ledger.rows import Rows
from ledger.schema import meta_digest, schema_faults
from ledger.scrutiny import examine
from ledger.segment import MAX_ENTRIES, SegmentRow
from ledger.sheet import Sheet
from ledger.store import Ledger
from ledger.testimony import Testimony

Progress = Callable[[int, int], None]
"""Called with the entries gone through so far, and all of them."""

_PAGED: Final = ("meta", "segments", "checkpoints", "redactions", "frames", "tiles")
"""Tables whose pages are checked too: a scan of them may find what a search by key does not."""
_SAFE_SQLITE: Final = (3, 51, 3)


def audit(
    ledger: Ledger,
    *,
    against: Checkpoint | None = None,
    key: PublicKey | None = None,
    progress: Progress | None = None,
    workers: int | None = 0,
) -> AuditReport:
    """Recompute every hash of a ledger.

    Args:
        ledger: opened for reading or writing; it is not changed.
        against: a checkpoint that was kept elsewhere, which the ledger is to extend.
        key: a public key from elsewhere, which is to have signed *against* and to vouch for the
            keys that came after it.
        progress: called after every segment.
        workers: processes to hash in; 0 for this one, None for as many as pay. What is found does
            not depend on it.

    Returns:
        What was found. An empty ledger is `incomplete`: there is nothing that could be intact.
    """
    count = sensible(ledger.size) if workers is None else workers
    with called(count) as pool, ledger.rows.connection.reading():
        tell = progress or (lambda _done, _total: None)
        return _Audit(ledger.rows, tell, against, key).run(pool)


class _Audit:
    """One pass over one ledger."""

    def __init__(
        self,
        rows: Rows,
        progress: Progress,
        against: Checkpoint | None,
        key: PublicKey | None,
    ) -> None:
        self.rows = rows
        self.progress = progress
        self.breaks: list[Break] = []
        self.testimony = Testimony(rows, self.breaks, self._schema(), against, key)
        self.growth = Growth(rows, self.breaks, self.testimony)
        self.link: bytes | None = NO_LINK
        self.lacks_leaves = False
        self.lost: tuple[BreakKind, str] | None = None
        self.redacted: list[int] = []
        self.orders = 0

    def run(self, pool: Executor | None) -> AuditReport:
        """Go through everything."""
        self._segments(pool)
        self.growth.finish()
        self.breaks += order_breaks(self.rows)
        size = self.growth.size
        breaks = first_first(self.breaks)
        heard = self.testimony
        outcome = Outcome.INTACT if size and heard.is_whole else Outcome.INCOMPLETE
        return AuditReport(
            outcome=Outcome.BROKEN if breaks else outcome,
            size=size,
            root=self.growth.root,
            link=Digest(self.link) if self.link is not None else None,
            checked=(0, size - 1) if size else None,
            breaks=tuple(breaks[:MAX_BREAKS]),
            more_breaks=max(len(breaks) - MAX_BREAKS, 0),
            checkpoints_checked=heard.checked,
            checkpoints_failed=heard.failed,
            checkpoints_signed=heard.signed,
            kept=heard.kept(),
            redacted=tuple(self.redacted),
            sqlite_version=SQLITE_VERSION,
            notes=self._notes(),
        )

    def _break(self, index: int | None, kind: BreakKind, detail: str) -> None:
        self.breaks.append(Break(index=index, kind=kind, detail=detail))

    def _schema(self) -> str | None:
        """Compare tables and guards; returns the ledger's origin where that can be trusted."""
        for fault in schema_faults(self.rows.connection):
            self._break(None, BreakKind.SCHEMA, fault)
        try:
            self._pages()
            meta = self.rows.meta()
        except UnreadableError as error:
            self._break(None, BreakKind.SCHEMA, error.detail)
            return None
        if meta is None:
            self._break(None, BreakKind.SCHEMA, "the ledger does not say what it is")
        elif meta.digest != meta_digest(meta.origin, meta.created_at):
            self._break(None, BreakKind.SCHEMA, "origin, creation or schema were changed")
        else:
            return meta.origin
        return None

    def _pages(self) -> None:
        """Nothing else misses rows that their page no longer counts, or that no search finds."""
        for table in _PAGED:
            for fault in self.rows.page_faults(table):
                self._break(None, BreakKind.SCHEMA, f"pages of {table} are damaged: {fault}")

    def _segments(self, pool: Executor | None) -> None:
        total = self._total()
        for (first, count), whole in checked(self.rows, self._bounds(), pool):
            size = self.growth.size
            if first < size:
                self._break(first, BreakKind.ORDER, "two segments hold it")
                continue
            if first > size:
                self._break(size, BreakKind.GAP, f"entries {size} to {first - 1} are missing")
                self._adopt(first)
            if whole is not None and whole[0].row.previous == self.link:
                self._take(*whole)
            else:
                self._segment(first, count)
            self.progress(self.growth.size, total)
        if self.lost is not None:
            self._break(self.growth.size, *self.lost)

    def _take(self, sheet: Sheet, roots: Mapping[int, bytes]) -> None:
        """Go on with a segment that is whole, and follows on what was there before."""
        self.lacks_leaves = False
        self._grow(split(sheet.leaves), roots)

    def _total(self) -> int:
        try:
            return self.rows.head()[0]
        except UnreadableError:
            return 0

    def _bounds(self) -> Iterator[tuple[int, int]]:
        """(first, count) of every segment that can be found; they are read ahead."""
        last = -1
        while True:
            try:
                found = self.rows.bounds_after(last)
            except UnreadableError as error:
                self.lost = (BreakKind.PAYLOAD, error.detail)
                return
            if found is None:
                return
            if found[0] <= last:  # a damaged page: going on could go round and round
                detail = "the segments do not lie in the order of their entries"
                self.lost = (BreakKind.ORDER, detail)
                return
            yield found
            last = found[0]

    def _segment(self, first: int, count: int) -> None:
        if not 0 < count <= MAX_ENTRIES:
            self._break(first, BreakKind.PAYLOAD, f"a segment cannot hold {count} entries")
            return
        try:
            row = self.rows.segment_from(first)
        except UnreadableError as error:
            self._break(first, BreakKind.PAYLOAD, error.detail)
            self._adopt(first + count)
            return
        if row is not None:
            self.testimony.learn_keys(row)
            self._examine(row)

    def _examine(self, row: SegmentRow) -> None:
        stored = self._stored(row.first, row.stop)
        examined = examine(self.rows, row, previous=self.link, stored=stored)
        self.breaks += examined.breaks
        self.redacted += examined.erased
        self.orders += examined.orders
        self._grow(examined.leaves)

    def _adopt(self, stop: int) -> None:
        """Go on behind entries that cannot be checked, by their stored leaves if there are any."""
        while self.growth.size < stop:
            start = self.growth.size
            leaves = self._stored(start, min(start - start % TILE_WIDTH + TILE_WIDTH, stop))
            self._grow(leaves)
            if leaves[-1] is None:  # a forged row may lie as far off as numbers reach
                self.growth.jump(stop)

    def _stored(self, start: int, stop: int) -> list[bytes | None]:
        """The stored leaves of entries [start, stop), None where there is none."""
        leaves: list[bytes | None] = []
        low = start - start % TILE_WIDTH
        for tile_start in range(low, stop, TILE_WIDTH):
            nodes: Sequence[bytes] = ()
            try:
                nodes = split(self.rows.tile(0, tile_start // TILE_WIDTH))
            except UnreadableError as error:
                self._break(max(tile_start, start), BreakKind.LINK, error.detail)
                self.lacks_leaves = True
            whole = [node for node in nodes if len(node) == DIGEST_BYTES]
            leaves += whole + [None] * (TILE_WIDTH - len(whole))
        leaves = leaves[start - low : stop - low]
        self._note_missing(start, leaves)
        return leaves

    def _note_missing(self, start: int, leaves: Sequence[bytes | None]) -> None:
        """One break where stored leaves end, not one per entry."""
        if None in leaves and not self.lacks_leaves:
            index = start + leaves.index(None)
            self._break(index, BreakKind.LINK, "its leaf is not stored")
        self.lacks_leaves = leaves[-1] is None

    def _grow(self, leaves: Sequence[bytes | None], folded: Mapping[int, bytes] = NOTHING) -> None:
        self.link = leaves[-1]
        self.growth.add(leaves, folded)

    def _notes(self) -> tuple[str, ...]:
        notes = list(self.testimony.notes)
        if self.growth.root is None:
            notes.append("root and checkpoints could not be checked: there are unknown leaves")
        if tuple(int(part) for part in SQLITE_VERSION.split(".")) < _SAFE_SQLITE:
            notes.append(
                f"SQLite {SQLITE_VERSION} has a fault that can damage a write-ahead log"
                " (repaired in 3.51.3): do not write with several processes at once"
            )
        if self.orders > len(self.redacted):
            notes.append("there are orders to erase payloads that are still there")
        if not self._has_whole_index():
            notes.append("the index of identities is not whole; the next append rebuilds it")
        return tuple(notes)

    def _has_whole_index(self) -> bool:
        covered = 0
        try:
            for first, count, _ in Derived(self.rows.connection).identity_keys():
                if first != covered:
                    return False
                covered += count
        except LedgerError:
            return False
        return bool(covered == self.growth.size)
