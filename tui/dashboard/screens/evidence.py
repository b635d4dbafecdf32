"""Evidence: is the ledger whole, where its records come from, and where they are silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult

from analyzer.case import Document
from analyzer.place import spelled
from tui import people
from tui.dashboard.keys import cap
from tui.dashboard.line import BLANK, Line, Piece, all_wrapped, line, said
from tui.dashboard.running import Running
from tui.dashboard.sheet import Sheet
from tui.dashboard.view import DashboardView
from tui.dashboard.workers import AUDIT, Workers
from tui.words import OUTCOMES, counted, numbered

CHAPTER: Final = "accent strong"
BAR: Final = 40
"""Columns of the bar that shows how far an audit is."""

MOST: Final = 1000
"""Rows of a chapter beyond which they are only counted."""


class Ledger(Running):
    """All about the evidence in one text."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__(id="ledger")
        self.border_title = "Evidence"

    def lines(self, view: DashboardView, columns: int) -> Sequence[Line]:
        """Return what is known of the evidence now."""
        return all_wrapped(lines(view), columns, 4)


class EvidenceSheet(Sheet):
    """What everything rests on."""

    NAME: ClassVar[str] = "evidence"

    def compose(self) -> ComposeResult:
        """Fill the room with the text."""
        yield Ledger().data_bind(view=EvidenceSheet.view)

    def gather(self, workers: Workers, view: DashboardView) -> None:
        """Read where the ledger comes from, and audit it if nobody has."""
        workers.trace()
        if view.audit is None and not workers.is_busy_with(AUDIT):
            workers.audit()

    def command(self, view: DashboardView) -> str:
        """Return `audit`."""
        del view
        return "audit"


def lines(view: DashboardView) -> Iterator[Line]:
    """Yield everything about the evidence, unbroken."""
    yield line(Piece("Integrity", CHAPTER))
    yield from _audit(view)
    held = view.holdings
    if held is None:
        yield line(Piece("  being read …", "faint"))
        return
    yield line(Piece("  ledger  ", "faint"), said(held["origin"]))
    yield line(Piece("  size    ", "faint"), said(counted(held["size"], "entry", "entries")))
    yield line(Piece("  root    ", "faint"), said(held["root"] or "—"))
    yield line(Piece("  link    ", "faint"), said(held["link"] or "—"))
    yield from _shards(held.get("shards", ()))
    yield from _checkpoints(held)
    yield from _gaps(view, held["gaps"])
    yield from _rejects(held)
    yield from _sources(held)


def _audit(view: DashboardView) -> Iterator[Line]:
    percent, report, key = view.busy.get(AUDIT), view.audit, cap(view.settings.keymap, "drill")
    if percent is not None:
        filled = BAR * percent // 100
        yield line(
            Piece("  "), Piece("█" * filled, "accent"), Piece("░" * (BAR - filled), "faint"),
            Piece(f" {percent} %  of {counted(view.playback.size, 'entry', 'entries')}; "),
            Piece(key, CHAPTER), Piece(" gives up", "faint"),
        )  # fmt: skip
        return
    if report is None:
        yield line(
            Piece("  not audited yet; ", "faint"),
            Piece(cap(view.settings.keymap, "drill"), CHAPTER),
            Piece(" does", "faint"),
        )
        return
    word = OUTCOMES[report["outcome"]]
    tone = {"intact": "good strong", "broken": "bad strong"}.get(report["outcome"], "warn strong")
    checked = report["checkpoints"]
    yield line(
        Piece(f"  {word.symbol} {word.text}", tone),
        Piece(f"  every hash of {counted(report['size'], 'entry', 'entries')} recomputed, "
              f"{counted(checked['checked'], 'checkpoint')} compared"),
    )  # fmt: skip
    for found in report["breaks"]:
        where = "" if found["index"] is None else f"entry {spelled(found['index'])}: "
        yield line(Piece("  ✖ ", "bad"), Piece(f"{where}{found['kind']}, "), said(found["detail"]))
    for note in report["notes"]:
        yield line(Piece("  · ", "faint"), said(note, "faint"))


def _shards(shards: Sequence[Document]) -> Iterator[Line]:
    """Yield the shards of a fleet; a ledger alone has none."""
    if not shards:
        return
    yield BLANK
    yield line(Piece("Shards", CHAPTER), Piece(f"  {len(shards)}", "faint"))
    for one in shards[:MOST]:
        lost = Piece("  lost", "bad") if one["lost"] else Piece("")
        yield line(Piece(f"  {one['number']:>9}  ", "faint"), said(one["name"]), lost)


def _checkpoints(held: Document) -> Iterator[Line]:
    yield BLANK
    yield line(Piece("Checkpoints", CHAPTER), Piece(f"  {len(held['checkpoints'])}", "faint"))
    for one in held["checkpoints"][-MOST:]:
        yield line(Piece(f"  {one['size']:>9}  ", "faint"), said(one["root"]))


def _gaps(view: DashboardView, found: Document) -> Iterator[Line]:
    yield BLANK
    yield line(Piece("Where it is silent", CHAPTER), Piece(f"  {len(found['gaps'])}", "faint"))
    for gap in found["gaps"][:MOST]:
        yield _hole(view, gap, Piece("  ░ ", "warn"))
    if not found["gaps"]:
        yield line(Piece("  no record and no digest file tells of a hole", "faint"))
    if found["contradictions"]:
        yield BLANK
        yield line(Piece("What contradicts it", "bad strong"))
        for one in found["contradictions"][:MOST]:
            yield _hole(view, one, Piece("  ✖ ", "bad"))
    digests = found["digests"]
    if digests is not None:
        files = digests["log_files"]
        yield line(Piece(
            f"  {counted(digests['files'], 'digest file')} vouch for "
            f"{counted(files['named'], 'log file')}, of which {files['held']} are here"
        ))  # fmt: skip
    yield from (line(Piece("  · ", "faint"), said(note, "faint")) for note in found["notes"])


def _hole(view: DashboardView, gap: Document, symbol: Piece) -> Line:
    start = view.clock.spelled(gap["from"])
    end = "" if gap["to"] is None else f" to {view.clock.spelled(gap['to'])}"
    cause = gap["cause"]
    by = f"  {people.actor(cause)} {numbered(cause['entry'])}" if cause is not None else ""
    return line(
        symbol, Piece(f"{start}{end}  "), said(gap["account"] or "", "faint"), Piece("  "),
        said(gap["detail"]), said(by, "faint"),
    )  # fmt: skip


def _rejects(held: Document) -> Iterator[Line]:
    yield BLANK
    yield line(Piece("Rejected records", CHAPTER), Piece(f"  {len(held['rejects'])}", "faint"))
    for one in held["rejects"][:MOST]:
        yield line(
            Piece(f"  {numbered(one['entry'])}  ", "faint"),
            said(one["reason"] or "no reason was kept"), Piece("  "),
            said(f"{one['source']}, record {one['position']}", "faint"),
        )  # fmt: skip


def _sources(held: Document) -> Iterator[Line]:
    yield BLANK
    yield line(Piece("Sources", CHAPTER), Piece(f"  {len(held['sources'])}", "faint"))
    for one in held["sources"][:MOST]:
        yield line(Piece(f"  {one['sha256'][:12]}…  ", "faint"), said(one["source"]))
    if len(held["sources"]) > MOST:
        yield line(Piece(f"  and {len(held['sources']) - MOST} more", "faint"))
