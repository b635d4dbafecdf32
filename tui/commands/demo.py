"""`keyledger demo`: the shipped story of a lost database, from its logs to the verdict."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.answer import Answer
from tui.commands.audit import audited
from tui.commands.explain import tables
from tui.commands.tui import opened, require_terminal
from tui.console import ExitCode
from tui.format import Format
from tui.sealing import Manner, ingested
from tui.session import DEFAULT_LEDGER, Session, shared_but_ledger
from tui.stories import MAIN_STORY, stories_folder

if TYPE_CHECKING:
    from analyzer.case import Case
    from tui.pages.story import Story
    from tui.paint import Canvas


@click.command(
    epilog="\b\nExamples:\n  keyledger demo\n  keyledger demo --tui\n  keyledger demo --keep ./case"
)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep the ledger in this directory; otherwise it is removed.",
)
@click.option("--tui", is_flag=True, help="Open the story in the dashboard instead of telling it.")
@shared_but_ledger
def command(session: Session, *, keep: Path | None, tui: bool) -> ExitCode:
    """Tell the story of a lost database in half a minute.

    Ingests the shipped story into a ledger of its own, audits it, and shows what happened when, by
    whose call, the last moment at which the data could have been saved, and what is left. The
    commands that it runs are printed, so that you can type them yourself.
    """
    if tui:
        require_terminal("keyledger demo tells the story without")
    place = (
        tempfile.TemporaryDirectory(prefix="keyledger-demo-") if keep is None else nullcontext(keep)
    )
    with place as folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        own = replace(session, ledger=Path(folder) / DEFAULT_LEDGER)
        if tui:
            ingested(own, [str(stories_folder() / MAIN_STORY)], Manner())
            return opened(own, resource=None)
        story = tell(own, is_kept=keep is not None)
    session.console.answer(
        Answer(
            document=document(story),
            tables=tables(story.explain),
            page=lambda canvas: _paint(canvas, story),
            default=Format.TABLE,
        )
    )
    return ExitCode.DONE


def tell(session: Session, *, is_kept: bool) -> Story:
    """Ingest, audit and explain the main story; returns all that was found out."""
    from tui.pages.story import Story, failures

    logs = stories_folder() / MAIN_STORY
    report = ingested(session, [str(logs)], Manner())
    audit = audited(session)
    with session.open() as case:
        name = _lost_database(case, session)
        explain = case.explain(name, "end", None, session.clock())
        timeline = case.timeline(name, "end", None, session.clock())
        failed = failures(timeline, explain["in_place"]["access_lost_at"])
        first = failed[0]["event_time"] if failed else None
        chance = case.explain(name, first, None, session.clock()) if first else None
    option = ["--ledger", str(session.ledger)] if is_kept else []
    seal = _spelled("ingest", _near(logs), *option)
    ask = _spelled("explain", name, *option)
    return Story(
        commands=(seal, _spelled("audit", *option), ask),
        further=(
            *(() if is_kept else (seal,)),
            _spelled("state", *option),
            *((_spelled("explain", name, "--at", first, *option),) if first else ()),
            _spelled("timeline", name, *option),
        ),
        ingest={**report, "sources": list(report["sources"])},
        audit=audit,
        explain=explain,
        timeline=timeline,
        chance=chance,
    )


def document(story: Story) -> dict[str, Any]:
    """Return the story as one JSON document: the commands and what each of them answered."""
    return {
        "commands": list(story.commands),
        "ingest": story.ingest,
        "audit": story.audit,
        "explain": story.explain,
        "timeline": story.timeline,
    }


def _lost_database(case: Case, session: Session) -> str:
    """Return the name of the database that the story is about: the one that is lost."""
    databases: list[Mapping[str, Any]] = case.state(None, "end", None, session.clock())["databases"]
    lost = [row["name"] for row in databases if row["verdict"] == "unrecoverable"]
    return str(lost[0])


def _paint(canvas: Canvas, story: Story) -> None:
    from tui.pages import story as page

    page.paint(canvas, story)


def _near(path: Path) -> str:
    """Return a path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _spelled(*words: str) -> str:
    return shlex.join([_program(), *words])


def _program() -> str:
    """Return how keyledger is called here: by name, or by path where no PATH leads to it."""
    import shutil
    import sys

    called = Path(sys.argv[0])
    if called.name != "keyledger" or shutil.which("keyledger"):
        return "keyledger"
    return _near(called.absolute())
