"""The incident page: what it says, that it loads and runs nothing, and that all can read it."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
import sqlite_utils

from tests.cli.terminal import keyledger
from tests.golden import ROOT
from tests.report.pages import Json, Seen, reported
from tui.console import ExitCode
from tui.report.chart import LEFT, MOST_MARKS, WIDTH
from tui.report.context import page_of
from tui.report.page import html
from tui.report.ticket import markdown

LEDGER: Final = {
    "is_fleet": False,
    "known_at": "#3",
    "path": "case.db",
    "size": 3,
    "root": "00",
    "link": "11",
    "outcome": "intact",
    "checkpoint": None,
}
HOSTILE: Final = "</title></style><script>alert(1)</script>'\"&{{7*7}}\u202e\x1b[31m\x00\n`|=cmd"


def test_the_verdict_comes_first_and_everything_else_is_there(stories: Path) -> None:
    seen = Seen(reported(stories, "payroll"))
    for said in (
        "payroll is unrecoverable",
        "The last documented moment to save it was 2026-03-10 16:02:11Z",
        "role/key-hygiene (tomasz.wrona)", "ScheduleKeyDeletion", "What would have saved it",
        "aws kms cancel-key-deletion", "payroll-2026-02-vault", "Key scheduled for deletion",
        "How far this reaches", "Sealed from", "How to verify", "keyledger audit --ledger",
    ):  # fmt: skip
        assert said in seen.text, said
    assert seen.text.index("is unrecoverable") < seen.text.index("What happened")


def test_a_page_about_what_can_be_saved_says_what_to_do(stories: Path) -> None:
    seen = Seen(reported(stories, "orders", "--at", "2026-04-15T08:00:00Z"))
    assert "What to do, in this order" in seen.text
    assert "What comes if nobody acts" in seen.text
    assert "can be saved until" in seen.text


@pytest.mark.parametrize("database", ["payroll", "billing", "orders", "crm", "claims", "legacy"])
def test_every_kind_of_case_has_a_page_and_a_ticket(stories: Path, database: str) -> None:
    seen = Seen(reported(stories, database))
    assert database in seen.text
    assert reported(stories, database, "--format", "markdown").startswith(f"# {database} is ")


def test_holes_in_the_evidence_are_shown_where_they_lie(stories: Path) -> None:
    seen = Seen(reported(stories, "legacy"))
    assert "logging was stopped by StopLogging" in seen.text
    assert "yes: what was concluded across it is less certain" in seen.text
    elsewhere = Seen(reported(stories, "payroll"))
    assert "StopLogging" not in elsewhere.text
    assert "No stretch without evidence is known" in elsewhere.text
    ticket = reported(stories, "legacy", "--format", "markdown")
    assert "| logging-stopped | logging was stopped by StopLogging" in ticket


def test_what_contradicts_a_digest_file_is_told(lost: Json) -> None:
    arn = lost["explain"]["database"]
    region, account = arn.split(":")[3:5]
    told = {
        "kind": "log-file-altered", "detail": "it was altered", "account": account,
        "region": region, "from": None, "to": None,
    }  # fmt: skip
    document = {**lost, "gaps": {**lost["gaps"], "contradictions": [told]}}
    page = page_of(document, LEDGER, "now")
    assert "log file altered it was altered" in Seen(html(page)).text
    assert "contradicts a digest file of CloudTrail" in markdown(page)


def test_the_checkpoint_on_the_page_can_be_held_against_the_ledger(
    stories: Path, tmp_path: Path
) -> None:
    page = reported(stories, "payroll")
    [note] = re.findall(r"<code>checkpoint.txt</code>.*?<pre>(.*?)</pre>", page, re.DOTALL)
    kept = tmp_path / "checkpoint.txt"
    kept.write_text(unescape(note), encoding="utf-8")
    assert keyledger("audit", "--against", str(kept), "--ledger", str(stories)).code == 0
    size = int(note.split("\n")[1])
    kept.write_text(unescape(note).replace(note.split("\n")[2], "A" * 43 + "="), encoding="utf-8")
    done = keyledger("audit", "--against", str(kept), "--ledger", str(stories))
    assert (size > 0, done.code) == (True, ExitCode.BROKEN)


def test_evidence_names_entry_source_and_hash_of_every_record_that_is_cited(lost: Json) -> None:
    cited = {one["entry"] for one in lost["explain"]["chain"] + lost["explain"]["decisive"]}
    evidence = {one["entry"]: one for one in lost["evidence"]}
    assert cited <= set(evidence)
    for one in evidence.values():
        assert one["source"]
        assert re.fullmatch("[0-9a-f]{64}", one["payload_sha256"])


def test_the_page_loads_nothing_and_runs_nothing(stories: Path) -> None:
    page = reported(stories, "payroll")
    seen = Seen(page)
    names = {name for name, _ in seen.elements}
    assert not names & {"script", "img", "link", "iframe", "object", "embed", "form", "a", "base"}
    for _, attributes in seen.elements:
        assert not {name for name in attributes if name.startswith("on")}
        assert not set(attributes) & {"src", "href", "style", "srcset", "xlink:href"}
    assert "url(" not in page
    assert "@import" not in page
    [policy] = [one for one in seen.all("meta") if one.get("http-equiv")]
    assert policy["content"] is not None
    assert policy["content"].startswith("default-src 'none'; style-src 'sha256-")


def hostile(value: Any) -> Any:
    """The same document, as an attacker would have named everything."""
    if isinstance(value, dict):
        return {name: _hostile_member(name, held) for name, held in value.items()}
    return [hostile(one) for one in value] if isinstance(value, list) else value


def _hostile_member(name: str, held: Any) -> Any:
    is_free = name in {
        "actor", "session", "source_ip", "event_name", "event_id", "error", "name", "id", "key",
        "database", "resource_id", "region", "account", "source", "detail", "title", "resource",
        "status",
    }  # fmt: skip
    return f"{HOSTILE}{held}" if is_free and isinstance(held, str) else hostile(held)


def test_what_a_log_says_is_no_markup_of_any_kind(lost: Json) -> None:
    page = page_of(hostile(lost), {**LEDGER, "path": HOSTILE}, HOSTILE)
    told = html(page)
    plain = Seen(html(page_of(lost, LEDGER, "made")))
    assert {name for name, _ in Seen(told).elements} == {name for name, _ in plain.elements}
    assert "<script" not in told
    assert "49" not in re.findall(r"&#39;&#34;&amp;(\d+)", told)
    for character in "\u202e\x1b\x00":
        assert character not in told
        assert character not in markdown(page)
    assert "<script" not in re.sub(r"```sh.*?```", "", markdown(page), flags=re.DOTALL)


def test_headings_are_in_order_and_everything_has_a_name(stories: Path) -> None:
    seen = Seen(reported(stories, "payroll"))
    levels = [int(name[1]) for name, _ in seen.elements if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert seen.all("html") == [{"lang": "en"}]
    assert all(cell.get("scope") == "col" for cell in seen.all("th"))
    ids = {one.get("id") for _, one in seen.elements if one.get("id")}
    named = [one["aria-labelledby"] or "" for _, one in seen.elements if "aria-labelledby" in one]
    assert named
    assert {word for names in named for word in names.split()} <= ids
    [drawing] = seen.all("svg")
    assert drawing["role"] == "img"


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * one for one in digits) if len(digits) == 3 else digits
    shares = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_of_letters_stands_out() -> None:
    css = (ROOT / "tui/report/page.css").read_text()
    bars = re.findall(r"\.(good|risk|partly|lost|gone) \{ fill: (#\w+)", css)
    places = (r"--(?:ink|faint): (#\w+)", r"-text \{ fill: (#\w+)", r"\.lane\S* \{ fill: (#\w+)")
    letters = {found for place in places for found in re.findall(place, css)}
    assert len({name for name, _ in bars}) == 5
    assert len(letters) > 3
    assert contrast("#000", "#fff") == pytest.approx(21)
    for colour in {found for _, found in bars} | (letters - {"#fff"}):
        assert contrast(colour, "#fff") >= 4.5, colour


def test_the_drawing_stays_within_its_bounds(lost: Json) -> None:
    crowd = [
        {
            **lost["explain"]["chain"][0],
            "entry": 1000 + n,
            "event_time": f"2026-03-04T00:{n:02}:00Z",
        }
        for n in range(50)
    ]
    crowded = {**lost, "explain": {**lost["explain"], "chain": lost["explain"]["chain"] + crowd}}
    for document in (lost, crowded):
        drawn = page_of(document, LEDGER, "made").chart
        bars = [bar for lane in drawn.lanes for bar in lane.bars]
        assert bars
        assert all(bar.x >= LEFT and bar.x + bar.width <= WIDTH for bar in bars)
        assert len(drawn.marks) <= MOST_MARKS
        shown = [mark.shown for mark in drawn.marks]
        assert all(later - earlier >= 21.9 for earlier, later in pairwise(shown))
        assert all(0 < place < WIDTH for place in shown)


def test_a_broken_ledger_is_told_and_ends_with_4(stories: Path, tmp_path: Path) -> None:
    copy = tmp_path / "broken.db"
    keyledger("export", "ledger", "-o", str(copy), "--ledger", str(stories))
    database = sqlite_utils.Database(copy)
    for trigger in database.triggers:
        database.execute(f"DROP TRIGGER [{trigger.name}]")
    database.close()
    done = keyledger("report", "payroll", "--ledger", str(copy))
    assert done.code is ExitCode.BROKEN
    assert "its audit was broken when this was made" in Seen(done.out).text


def test_nothing_is_overwritten_unless_asked(stories: Path, tmp_path: Path) -> None:
    path = tmp_path / "case.html"
    path.write_text("mine")
    arguments = ("report", "payroll", "-o", str(path), "--ledger", str(stories))
    assert keyledger(*arguments).code is ExitCode.FAILED
    assert path.read_text() == "mine"
    assert keyledger(*arguments, "--force").code is ExitCode.DONE
    assert path.read_text().startswith("<!doctype html>")
    assert keyledger("report", "nobody", "--ledger", str(stories)).code is ExitCode.FAILED
