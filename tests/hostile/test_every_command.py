"""Log content never acts: every command, in every format, over a ledger made of hostile strings.

Commands are those of the shelf: a new one is covered at once, or fails here until it is said below
how it is asked.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from _pytest.mark import ParameterSet

from tests.cli.terminal import Result, keyledger
from tests.hostile.strings import STRINGS
from tests.ingested import record
from tests.shelf import command, names
from tests.simulator.actors import role
from tests.simulator.world import AwsSimulator
from tests.spark.needed import needs_spark
from tui import fleet
from tui.console import ExitCode

ON_A_SCREEN = dict.fromkeys(("tui", "fleet tui"), "it opens a screen of its own")
SPELLABLE = [text for text in STRINGS.values() if "\ud800" not in text]
"""Those that an actor or a file can be named by; the others stand in records only."""

FINDINGS = frozenset({ExitCode.DONE, ExitCode.FINDINGS, ExitCode.BROKEN, ExitCode.INCOMPLETE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder with a ledger, the log it was made of, and a proof."""

    folder: Path
    key: str

    def asked(self, name: str) -> list[str]:
        """How a command is asked here: what fits its arguments, by their names."""
        fitting = {
            "source": ["log.json"],
            "sources": ["log.json"],
            "resource": ["orders"],
            "database": ["orders"],
            "key": [self.key],
            "event": ["1#1" if name.startswith("fleet ") else "#1"],
            "file": ["proof"],
            "moments": ["2026-01-01", "end"],
            "entries": ["2"],
            "shell": ["bash"],
            "folder": ["sealed" if name == "spark seal" else "fleet"],
            "fleet": ["fleet"],
            "out": ["replayed"],
            "question": ["SELECT * FROM events ORDER BY entry_index"],
            "what": ["path"],
            "form": [],
        }
        beside = {
            "ingest": ["--ledger", "again.db"],
            "redact": ["--dry-run", "--reason", STRINGS["escapes"] + STRINGS["HTML"]],
            "whatif": ["--skip", "1#1" if name.startswith("fleet ") else "#1"],
            "explain": ["-v"],
        }
        arguments = [one for one in command(name).params if isinstance(one, click.Argument)]
        unknown = [one.name for one in arguments if one.required and one.name not in fitting]
        assert not unknown, f"say above how {name} is asked: {unknown}"
        words = [word for one in arguments for word in fitting.get(one.name or "", [])]
        return [*name.split(), *words, *beside.get(name.removeprefix("fleet "), [])]


def _formats(name: str) -> list[str | None]:
    for one in command(name).params:
        if one.name == "format_" and isinstance(one.type, click.Choice):
            return list(one.type.choices)
    for one in command(name).params:  # an export is asked for its form
        if one.name == "form" and isinstance(one.type, click.Choice):
            return list(one.type.choices)
    return [None]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Everything that a caller can choose is chosen to harm: names, actors, errors, places."""
    folder = tmp_path_factory.mktemp("hostile")
    aws = AwsSimulator(seed=3)
    key = aws.create_key(STRINGS["a formula"] + STRINGS["escapes"], at=0)
    orders = aws.create_db_instance("orders", key, at=1)
    for number, name in enumerate(SPELLABLE):
        mallory = role("janitor", name, source_ip=name)
        aws.create_db_snapshot(orders, f"{name}{number}", at=2 + number, actor=mallory)
    aws.schedule_key_deletion(key, 7, at=100, actor=role(STRINGS["HTML"], STRINGS["Markdown"]))
    records = [json.loads(payload) for payload in aws.payloads()]
    records += [_chosen(number, name) for number, name in enumerate(STRINGS.values())]
    records += [{"eventName": name, name: name} for name in STRINGS.values()]
    (folder / "log.json").write_text(json.dumps({"Records": records}))
    (folder / STRINGS["escapes"].replace("/", "_")).write_text(json.dumps(records[-1]))
    result = keyledger("ingest", ".", "--ledger", "case.db", cwd=folder)
    assert result.code is ExitCode.DONE, result.err
    proved = keyledger("prove", "#1", "--ledger", "case.db", "-o", "proof", cwd=folder)
    assert proved.code is ExitCode.DONE, proved.err
    (folder / "fleet/1").mkdir(parents=True)
    shutil.copy(folder / "case.db", folder / "fleet/1/a.db")
    result = keyledger("fleet", "checkpoint", "fleet", "-q", cwd=folder)
    assert result.code is ExitCode.DONE, result.err
    return Place(folder=folder, key=key.arn)


def _chosen(number: int, text: str) -> dict[str, object]:
    """A record of which every text is the same hostile one, but for what makes it a record."""
    service = ("kms", "rds")[number % 2]
    return record(
        1000 + number,
        eventName=text if number % 3 else "ScheduleKeyDeletion",
        eventSource=f"{service}.amazonaws.com",
        awsRegion=text,
        userAgent=text,
        errorCode=text if number % 4 == 0 else ...,
        errorMessage=text,
        sourceIPAddress=text,
        userIdentity={"type": text, "arn": text, "userName": text, text: text},
        requestParameters={"keyId": text, "dBInstanceIdentifier": text, text: {text: [text]}},
        responseElements={"keyId": text, "dBInstanceArn": text, "__class__": text},
        resources=[{"ARN": text, "type": text, "accountId": text}],
        recipientAccountId=text,
    )


TWICE = {f"fleet {one}" for one in fleet.ASKED}
"""Second spellings: one function does the work of both, so of these one form is enough."""

SLOW = {name for name in names() if name.startswith("spark ")}
"""Those that start a cluster, of which a form and some words are enough as well."""


def _asked(name: str, *more: object) -> ParameterSet:
    marks = (pytest.mark.long, needs_spark) if name in SLOW else ()
    return pytest.param(name, *more, marks=marks)


ASKED = [
    _asked(name, format_)
    for name in names()
    for format_ in _formats(name)[: 1 if name in {*TWICE, *SLOW} else None]
]
TYPED = [
    _asked(name, typed)
    for name in names()
    for kind, typed in STRINGS.items()
    if name not in {*ON_A_SCREEN, *TWICE} and (name not in SLOW or kind in {"escapes", "HTML"})
]


@pytest.mark.parametrize(("name", "format_"), ASKED, ids=str)
def test_a_command_shows_hostile_text_and_obeys_none_of_it(
    place: Place, name: str, format_: str | None
) -> None:
    if name in ON_A_SCREEN:
        pytest.skip(ON_A_SCREEN[name])
    before = sorted(place.folder.iterdir())
    words, written = place.asked(name), f"{name}.{format_}"
    if name.endswith("export"):
        words += [str(format_), "-o", written, "--force", "--no-progress"]
    elif format_ is not None:
        words += ["--format", format_, "--no-progress"]
    if "--ledger" not in words and any(one.name == "ledger" for one in command(name).params):
        words += ["--ledger", "case.db"]
    if name.endswith("report") or (name != "export" and format_ == "parquet"):
        words += ["-o", written, "--force"]
    result = keyledger(
        *words, cwd=place.folder, is_terminal=True, environment={"NO_COLOR": "1", "COLUMNS": "100"}
    )
    assert result.code in FINDINGS, result.err
    is_written = (place.folder / written).exists()
    _require_harmless(result, None if is_written else format_)
    if is_written and format_ in ("csv", "json", "markdown", "html"):
        text = (place.folder / written).read_bytes()
        _require_harmless(Result(stdout=text, stderr=b"", code=result.code), format_)
    made = {path.name for path in set(place.folder.iterdir()) - set(before)}
    assert made <= {"again.db", written, "case.duckdb", "sealed", "replayed"}


@pytest.mark.parametrize(("name", "typed"), TYPED, ids=ascii)
def test_a_command_that_is_asked_about_hostile_text_answers_harmlessly(
    place: Place, name: str, typed: str
) -> None:
    arguments = [one for one in command(name).params if isinstance(one, click.Argument)]
    if not arguments or "\0" in typed or "\ud800" in typed:
        pytest.skip("it takes no argument, or such one cannot be typed")
    options = [] if name == "completion" else ["--ledger", "case.db", "--no-progress"]
    options = ["--no-progress"] if name in ("demo", "verify") else options
    if name.startswith("fleet ") and len(arguments) > 1:
        options = ["--no-progress", "fleet"]
    elif name.startswith("fleet "):
        options = ["--no-progress"]
    result = keyledger(*name.split(), *options, "--", typed, cwd=place.folder, is_terminal=True,
                       environment={"NO_COLOR": "1"})  # fmt: skip
    assert result.code in ExitCode
    _require_harmless(result, None)
    assert not (place.folder / "owned").exists()


def _require_harmless(result: Result, format_: str | None) -> None:
    shown = result.out + result.err
    assert "Traceback" not in result.err
    assert [letter for letter in shown if letter != "\n" and not letter.isprintable()] == []
    match format_:
        case "json":
            json.loads(result.out)
        case "jsonl":
            for line in result.out.splitlines():
                json.loads(line)
        case "csv":
            cells = [cell for row in csv.reader(io.StringIO(result.out)) for cell in row]
            assert [cell for cell in cells if _is_formula(cell)] == []
        case "markdown":
            text = re.sub(r"(?ms)^ *```\w*$.*?^ *```$", "", result.out)  # code is shown as it is
            assert re.search(r"(?<!\\)<(script|img|svg)", text) is None
            assert re.search(r"(?<!\\)\]\((javascript|http://evil)", text) is None
        case "html":
            assert "<script>alert" not in result.out
            assert "<img src=x" not in result.out
            assert "javascript:alert(1)" not in re.findall(r'href="([^"]*)"', result.out)


def _is_formula(cell: str) -> bool:
    """Would a spreadsheet run it; a number is none."""
    return cell[:1] in set("=+-@\t\r＝＋－＠") and re.fullmatch(r"-?\d+(\.\d+)?", cell) is None


def test_the_check_above_sees_what_acts() -> None:
    for text, format_ in (
        ("\x1b[2J", None), ("\u202e", "table"), ("=1+1\n", "csv"), ("<script>", "markdown"),
        ("[x](javascript:y)", "markdown"),
    ):  # fmt: skip
        with pytest.raises(AssertionError):
            _require_harmless(Result(stdout=text.encode(), stderr=b"", code=ExitCode.DONE), format_)
