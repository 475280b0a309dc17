"""Text of an SQL query -> its tree, and the tables, columns and parts that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PARTS", "Mentions", "aliases", "mentions", "parse"]

OPENING = re.compile(r"[\s(]*(select|with)\b", re.IGNORECASE)
DIALECT = "sqlite"  # lenient: it takes what most others write
#: Node of a tree -> the query part of `ontology/sql.ttl`.
PARTS: dict[type[exp.Expr], str] = {
    exp.Select: "select",
    exp.Distinct: "distinct",
    exp.From: "from",
    exp.Join: "join",
    exp.Where: "where",
    exp.Group: "groupBy",
    exp.Having: "having",
    exp.Order: "orderBy",
    exp.Limit: "limit",
    exp.Union: "union",
    exp.Intersect: "intersect",
    exp.Except: "except",
    exp.Count: "count",
    exp.Sum: "sum",
    exp.Avg: "average",
    exp.Min: "minimum",
    exp.Max: "maximum",
    exp.EQ: "equal",
    exp.NEQ: "notEqual",
    exp.LT: "less",
    exp.LTE: "lessOrEqual",
    exp.GT: "greater",
    exp.GTE: "greaterOrEqual",
    exp.Between: "between",
    exp.Like: "like",
    exp.In: "in",
    exp.Exists: "exists",
    exp.Is: "isNull",
    exp.And: "and",
    exp.Or: "or",
    exp.Not: "not",
}


@dataclass(frozen=True)
class Mentions:
    """What a query names, each once, in the order of its text.

    Attributes:
        tables: names as written.
        columns: name of the table, empty where that is unclear, and of the column.
        parts: names of query parts in `ontology/sql.ttl`.
    """

    tables: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()


def parse(code: str) -> exp.Expr | None:
    """Text -> the tree of its first statement, or None where it is no SQL.

    Text in double quotes is a string, as in SQLite and MySQL.
    """
    if not OPENING.match(code):
        return None
    try:
        tree = sqlglot.parse_one(code.strip().rstrip(";").replace('"', "'"), read=DIALECT)
    except (SqlglotError, RecursionError):
        return None
    return tree if isinstance(tree, exp.Query) else None


def mentions(tree: exp.Expr) -> Mentions:
    """Tree of a query -> the tables, columns and parts that it names."""
    columns = (
        (_table_of(column), column.name)
        for column in tree.find_all(exp.Column)
        if not isinstance(column.this, exp.Star)
    )
    return Mentions(
        tables=tuple(dict.fromkeys(table.name for table in tree.find_all(exp.Table))),
        columns=tuple(dict.fromkeys(columns)),
        parts=tuple(dict.fromkeys(_parts(tree))),
    )


def aliases(select: exp.Expr) -> dict[str, str]:
    """A SELECT -> what its tables are called in it, in lower case, and their names."""
    return {
        table.alias_or_name.lower(): table.name
        for table in select.find_all(exp.Table)
        if table.find_ancestor(exp.Select) is select
    }


def _parts(tree: exp.Expr) -> Iterator[str]:
    for node in tree.walk():
        part = PARTS.get(type(node))
        if part is not None:
            yield part
        elif isinstance(node, exp.Ordered):
            descends = bool(node.args.get("desc"))
            yield "descending" if descends else "ascending"
            select = node.find_ancestor(exp.Select)
            if select is not None and select.args.get("limit"):  # the first rows: an extreme
                yield "maximum" if descends else "minimum"


def _table_of(column: exp.Column) -> str:
    """The table that a column is said to be of; the only one there is, where nothing is said."""
    select: exp.Expr | None = column.find_ancestor(exp.Select)
    while select is not None:
        known = aliases(select)
        if column.table.lower() in known:
            return known[column.table.lower()]
        if not column.table:
            return next(iter(known.values())) if len(known) == 1 else ""
        select = select.find_ancestor(exp.Select)
    return column.table
