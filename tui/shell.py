"""Shell: a prompt for queries, with history and completion; the one door to prompt-toolkit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from analyzer.errors import AnalyzerError
from tui.asking import View, asked, listed, parameters, tell
from tui.streams import fail
from tui.trouble import sentence

if TYPE_CHECKING:
    from pathlib import Path

    from analyzer.inquiry import Inquiry
    from tui.session import Session

_WORDS: Final = (
    "SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "LIMIT", "HAVING", "JOIN", "LEFT JOIN",
    "DISTINCT", "COUNT(*)", "WITH", "AND", "OR", "NOT", "NULL", "IS", "IN", "LIKE", "BETWEEN",
    "INTERVAL", "TIMESTAMP", "DESC", "ALL", "DESCRIBE", "SUMMARIZE", "EXPLAIN",
)  # fmt: skip

HELP: Final = """\
  a SELECT, ended by ;      over the tables that `tables` tells of
  NAME [--param value ...]  a question of the catalogue
  .list                     the catalogue
  .at TIME, .known-at TIME  another moment, another state of knowledge
  .quit, Ctrl-D             leave
"""


class Shell:
    """A prompt over one ledger; every query is asked as `keyledger query` asks it."""

    def __init__(self, session: Session, case: Inquiry, view: View) -> None:
        """Take what the command was given; nothing is asked yet."""
        self._session = session
        self._case = case
        self._view = view

    def run(self) -> None:
        """Read and answer until somebody leaves."""
        prompt: PromptSession[str] = PromptSession(
            "keyledger> ",
            history=_history(),
            completer=WordCompleter(
                list(self._names()), ignore_case=True, pattern=re.compile(r"[\w.()]+")
            ),
            key_bindings=_bindings(),
            multiline=True,
            prompt_continuation="       ... ",
            complete_while_typing=False,
        )
        self._session.console.narrate("queries end with ; and .help helps")
        while True:
            try:
                typed = prompt.prompt()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
            if typed.strip() in {".quit", ".exit"}:
                return
            self.answer(typed)

    def answer(self, typed: str) -> None:
        """Answer one input; what goes wrong is told, and the prompt goes on."""
        from tui.console import OutputExistsError

        try:
            self._answer(typed.strip().removesuffix(";").strip())
        except KeyboardInterrupt:
            fail("stopped")
        except (AnalyzerError, OutputExistsError, OSError) as error:
            told = sentence(error)
            fail(told.text, *told.ways_out)

    def _answer(self, typed: str) -> None:
        if not typed:
            return
        word, _, rest = typed.partition(" ")
        match word:
            case ".help":
                self._session.console.narrate(HELP)
            case ".list":
                listed(self._session)
            case ".at":
                self._view = replace(self._view, at=rest.strip() or "end")
            case ".known-at":
                self._view = replace(self._view, known_at=rest.strip() or None)
            case _:
                text, given = typed, {}
                if " --" in typed and not typed.upper().startswith(("SELECT", "FROM", "WITH")):
                    words = typed.split()
                    text, given = words[0], parameters((), words[1:])
                with asked(self._session, self._case, text, given, self._view) as rows:
                    tell(self._session, rows, None)

    def _names(self) -> Iterator[str]:
        """Yield what can be completed: SQL's words, the catalogue, tables and columns."""
        from analyzer.catalogue import names

        yield from _WORDS
        yield from names()
        with asked(self._session, self._case, "tables", {}, self._view) as rows:
            held = {row[name] for row in rows for name in ("table", "column")}
        yield from sorted(name for name in held if name)


def _bindings() -> KeyBindings:
    """Let Enter end an input that is complete, and begin a new line otherwise."""
    bindings = KeyBindings()

    @bindings.add("enter")
    def _(event: KeyPressEvent) -> None:
        typed = event.current_buffer.text
        if is_complete(typed):
            event.current_buffer.validate_and_handle()
        else:
            event.current_buffer.insert_text("\n")

    return bindings


def is_complete(typed: str) -> bool:
    """Whether an input can be answered: it is empty, a command, a question, or ended by `;`."""
    text = typed.strip()
    is_word = re.fullmatch(r"[a-z_]+( +--.*)?", text) is not None
    return not text or text.startswith(".") or text.endswith(";") or is_word


def _history() -> History:
    """Return the history of earlier sessions, or one of this session where none can be kept."""
    from platformdirs import user_state_path

    try:
        path: Path = user_state_path("keyledger", ensure_exists=True) / "queries"
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))
