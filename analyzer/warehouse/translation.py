"""Translation: the one door to sqlglot: a query in DuckDB's SQL as one in Spark's.

Macros are laid out where they are called. What is left may name our tables and nothing else, and
call nothing but what is known to answer the same: no file, no Java, no catalogue of the cluster.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import sqlglot
from sqlglot import exp

from analyzer import moment
from analyzer.moment import Moment
from analyzer.warehouse.errors import UntranslatableError
from analyzer.warehouse.views import READINGS, Macro

_MACROS: Final[Mapping[str, Macro]] = {one.name: one for one in READINGS if isinstance(one, Macro)}
_LENGTHS: Final = {"to_days": 0, "to_hours": 1, "to_minutes": 2, "to_seconds": 3}
"""Lengths of time, by how many larger units stand before each in Spark's `make_dt_interval`."""
_SAME: Final = {"list_position": "array_position"}
"""What sqlglot hands on as it is, and is only called otherwise."""
_OURS: Final = frozenset({
    "array_position", "collect_list", "collect_set", "date_trunc", "make_dt_interval", "sort_array",
    "timestampdiff",
})  # fmt: skip
"""What is called by us, in Spark's words."""


class Translator:
    """Translates queries that are asked at one moment."""

    def __init__(self, tables: Collection[str], asked_at: Moment) -> None:
        """Take the names that may be asked, and the moment."""
        self._tables = tables
        self._asked_at = moment.as_datetime(asked_at).replace(tzinfo=None).isoformat(" ")

    def spark(self, sql: str) -> tuple[str, frozenset[str]]:
        """Return a query in Spark's SQL, and the tables that it asks.

        Args:
            sql: one SELECT that DuckDB takes; its parameter `$name` is `:name` in Spark's.

        Raises:
            UntranslatableError: something in it has no equal in Spark, or may not be asked.
        """
        try:
            tree = self._fitted(self._laid_out(sqlglot.parse_one(sql, read="duckdb")))
            tables = self._asked(tree)
            spelled = tree.sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
        except (sqlglot.errors.ParseError, sqlglot.errors.UnsupportedError) as error:
            first = str(error).partition("\n")[0]
            raise UntranslatableError(first[:1].lower() + first[1:]) from error
        return str(spelled), tables

    def _laid_out(self, tree: Any) -> Any:
        """Put the body of every macro where it is called, from the outermost inwards."""

        def laid(node: Any) -> Any:
            if isinstance(node, exp.Table) and isinstance(node.this, exp.Anonymous):
                macro = _MACROS.get(node.this.name.lower())
                if macro is None or not macro.is_table:
                    return node
                alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(macro.name))
                body = self._body(macro, node.this.expressions)
                return exp.Subquery(this=body, alias=alias.copy(), joins=node.args.get("joins"))
            if isinstance(node, exp.Anonymous) and node.name.lower() in _MACROS:
                macro = _MACROS[node.name.lower()]
                return exp.Paren(this=self._body(macro, node.expressions))
            return node

        return tree.transform(laid)

    def _body(self, macro: Macro, arguments: list[Any]) -> Any:
        if macro.name == "asked_at":
            return sqlglot.parse_one(f"TIMESTAMP '{self._asked_at}'", read="duckdb")
        given = dict(zip(macro.parameters, arguments, strict=False))
        if len(given) != len(macro.parameters) or len(arguments) != len(given):
            raise UntranslatableError(f"{macro.signature} wants {len(macro.parameters)} arguments")

        def filled(node: Any) -> Any:
            is_bare = isinstance(node, exp.Column) and not node.table
            return given[node.name].copy() if is_bare and node.name in given else node

        return self._laid_out(sqlglot.parse_one(macro.sql, read="duckdb").transform(filled))

    def _fitted(self, tree: Any) -> Any:
        """Spell what sqlglot leaves as it is, or spells in a way that means something else."""

        def fitted(node: Any) -> Any:
            match node:
                case exp.Anonymous() if node.name.lower() == "row":
                    return exp.Struct(expressions=node.expressions)
                case exp.Anonymous() if node.name.lower() in _SAME:
                    name = _SAME[node.name.lower()]
                    return exp.Anonymous(this=name, expressions=node.expressions)
                case exp.Filter(this=exp.ArrayAgg(this=exp.Order())):
                    return self._sorted(node.this, node)
                case exp.ArrayAgg(this=exp.Order()):
                    return self._sorted(node, None)
                case exp.DateDiff():
                    return self._boundaries(node)
                case exp.Func() if _called(node) in _LENGTHS:
                    return self._length(node)
                case _:
                    return node

        return tree.transform(fitted)

    def _boundaries(self, node: Any) -> Any:
        """Spell `date_diff`, which counts the boundaries between two moments; Spark whole units."""
        unit = node.text("unit") or "day"
        ends = (
            exp.Anonymous(this="date_trunc", expressions=[exp.Literal.string(unit), end.copy()])
            for end in (node.expression, node.this)
        )
        return exp.Anonymous(this="timestampdiff", expressions=[exp.Var(this=unit), *ends])

    def _length(self, node: Any) -> Any:
        """Spell a length of time so that it can be added to one without a time zone."""
        zeros = [exp.Literal.number(0)] * _LENGTHS[_called(node)]
        given = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        return exp.Anonymous(this="make_dt_interval", expressions=[*zeros, given])

    def _sorted(self, node: Any, filtered: Any) -> Any:
        """Spell `list(DISTINCT x ORDER BY x)`; in Spark an aggregate has no order of its own."""
        inner = node.this.this
        by = [one.this for one in node.this.expressions]
        is_distinct = isinstance(inner, exp.Distinct)
        value = inner.expressions[0] if is_distinct else inner
        if by != [value] or node.this.expressions[0].args.get("desc"):
            raise UntranslatableError("a list in the order of something else")
        name = "collect_set" if is_distinct else "collect_list"
        gathered = exp.Anonymous(this=name, expressions=[value])
        if filtered is not None:
            gathered = exp.Filter(this=gathered, expression=filtered.expression)
        ordered = exp.Anonymous(this="sort_array", expressions=[gathered])
        # DuckDB has no list of nothing.
        return exp.Nullif(this=ordered, expression=exp.Array())

    def _asked(self, tree: Any) -> frozenset[str]:
        """Return the tables that are asked; refuse whatever else could be reached."""
        own = {one.alias_or_name.lower() for one in tree.find_all(exp.CTE)}
        found = set()
        for table in tree.find_all(exp.Table):
            if not isinstance(table.this, exp.Identifier):
                raise UntranslatableError(f"it asks DuckDB's own {_called(table.this)}()")
            name = table.name.lower()
            if table.db or name not in {*own, *self._tables}:
                raise UntranslatableError(f"there is no table {table.sql('duckdb')}")
            found |= {name} - own
        for call in tree.find_all(exp.Anonymous):
            if call.name.lower() not in _OURS:
                raise UntranslatableError(f"Spark's equal of {call.name}() is not known")
        return frozenset(found)


def _called(function: Any) -> str:
    return str(function.name if function.key == "anonymous" else function.sql_name()).lower()
