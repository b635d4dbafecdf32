"""Asking: from a name or SQL, and what was typed as parameters, to a session and its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from analyzer import catalogue, moment, when
from analyzer.answers.shape import Scope
from analyzer.catalogue import Parameter, Query
from analyzer.errors import UnreadableTimeError
from analyzer.history.naming import resolve
from analyzer.moment import Moment
from analyzer.progress import Progress
from analyzer.warehouse.engine import Engine
from analyzer.warehouse.errors import DamagedFileError, ParametersError
from analyzer.warehouse.rows import Rows
from analyzer.warehouse.session import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: one query, and the values of its parameters as they were typed."""

    sql: str
    named: Query | None
    typed: Mapping[str, str]


def answer(
    session: Session,
    text: str,
    typed: Mapping[str, str],
    seconds: float | None,
    on_progress: Progress | None,
    *,
    on_wait: Callable[[], None] = lambda: None,
) -> Rows:
    """Answer a query of the catalogue, or SQL.

    Args:
        session: whose warehouse is asked, at which moment.
        text: a name, or one SELECT.
        typed: parameters, as typed.
        seconds: after which the query is stopped; None for never.
        on_progress: told how many entries of how many are loaded.
        on_wait: called now and then while the query runs; what it raises ends the query.

    Returns:
        The rows, to be read once, and closed.

    Raises:
        UnknownQueryError: a word that is no name.
        ParametersError: the parameters do not fit the query.
        QueryFailedError: DuckDB refuses it.
        QueryTimeoutError: it took too long.
        AnalyzerError: the moment or a resource cannot be read.
    """
    sql, given = spelled(session, text, typed)

    def ask(engine: Engine) -> Rows:
        return Rows(engine, engine.ask(sql, given, seconds, on_wait))

    return trusted(session, on_progress, ask)


def answers(session: Session, names: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Answer queries of the catalogue that need to be told nothing, over one connection.

    Args:
        session: whose warehouse is asked, at which moment.
        names: of the queries.

    Returns:
        The rows of each.

    Raises:
        UnknownQueryError: there is no such query.
        QueryFailedError: DuckDB refuses one.
    """
    asked = {name: spelled(session, name, {}) for name in names}

    def ask(engine: Engine) -> dict[str, list[dict[str, Any]]]:
        with engine:
            return {
                name: list(Rows(engine, engine.ask(sql, given, None)))
                for name, (sql, given) in asked.items()
            }

    return trusted(session, None, ask)


def spelled(session: Session, text: str, typed: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Return the SQL of a question and the values of its parameters; raises as `answer` does."""
    asked = question(text, typed)
    given = values(asked, session.scope, session.now) if needs_scope(asked) else dict(typed)
    return asked.sql, given


def trusted(session: Session, on_progress: Progress | None, ask: Callable[[Engine], T]) -> T:
    """Ask the warehouse as it is; make it anew if it turns out to be damaged."""
    try:
        return _asked(session.open(on_progress), ask)
    except DamagedFileError:
        return _asked(session.open(on_progress, is_distrusted=True), ask)


def _asked(engine: Engine, ask: Callable[[Engine], T]) -> T:
    try:
        return ask(engine)
    except BaseException:
        engine.close()
        raise


def question(text: str, typed: Mapping[str, str]) -> Question:
    """Take a name of the catalogue, or SQL.

    A single word is a name; SQL has blanks.

    Raises:
        UnknownQueryError: a word that is no name.
        ParametersError: a named query lacks a parameter, or does not have one of these.
    """
    word = text.strip()
    if len(word.split()) != 1 or ";" in word:
        return Question(sql=text, named=None, typed=typed)
    named = catalogue.query(word)
    names = {one.name for one in named.parameters}
    missing = tuple(
        one.name for one in named.parameters if one.name not in typed and not one.is_optional
    )
    unknown = tuple(sorted(set(typed) - names))
    if missing or unknown:
        raise ParametersError(
            word, missing=missing, unknown=unknown, declared=tuple(map(declared, named.parameters))
        )
    return Question(sql=named.sql, named=named, typed=typed)


def values(asked: Question, scope: Scope, now: Moment) -> dict[str, Any]:
    """Return the values of the parameters.

    Args:
        asked: the question.
        scope: in which names of keys and databases, and times, are read.
        now: the present, to which times may be relative.

    Raises:
        ParametersError: a value cannot be read.
        UnknownResourceError: it names no key or database.
        AmbiguousResourceError: it names several.
    """
    if asked.named is None:
        return dict(asked.typed)
    return {
        one.name: _value(asked.named, one, asked.typed.get(one.name, one.default), scope, now)
        for one in asked.named.parameters
    }


def needs_scope(asked: Question) -> bool:
    """Tell whether a parameter is read in what is known."""
    return asked.named is not None and bool(asked.named.parameters)


def declared(one: Parameter) -> str:
    """Spell a parameter for a person."""
    default = "needed" if not one.is_optional else f"default {one.default}" if one.default else ""
    return f"--{one.name} {one.kind.upper()}  {one.about}" + (f" ({default})" if default else "")


def _value(query: Query, one: Parameter, typed: str | None, scope: Scope, now: Moment) -> Any:
    if typed is None:
        return None
    try:
        match one.kind:
            case "number":
                return int(typed)
            case "time":
                return moment.as_datetime(when.parse(typed, now=now, end=scope.at)).replace(
                    tzinfo=None
                )
            case "key" | "database":
                return resolve(scope.history, typed, scope.at, (one.kind,)).id
            case _:
                return typed
    except (ValueError, UnreadableTimeError) as error:
        lines = tuple(map(declared, query.parameters))
        raise ParametersError(query.name, unreadable=(one.name,), declared=lines) from error
