"""Files that describe databases -> their schemas: rows of JSON, or `CREATE TABLE` statements."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from kgtransfer.code.graphs.sql import Column, Schema, Table
from kgtransfer.code.json_lines import JSON_LINES, json_lines
from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read_schemas"]

ANSI = re.compile(r"\x1b\[\d*m")  # the parser underlines in its messages
SPIDER_TYPES = {"others": "other"}  # where Spider's name is not that of ontology/sql.ttl
#: Name of a type in ontology/sql.ttl -> types of columns in DDL.
KINDS: Mapping[str, Collection[object]] = {
    "boolean": {exp.DataType.Type.BOOLEAN},
    "text": exp.DataType.TEXT_TYPES,
    "number": exp.DataType.NUMERIC_TYPES,
    "time": exp.DataType.TEMPORAL_TYPES,
}


def read_schemas(path: Path) -> list[Schema]:
    """File -> schemas of databases.

    Args:
        path: `.sql` with `CREATE TABLE` statements of one database, which is named as the file is;
            or `.jsonl`, `.jsonl.gz` with a database a line, in the form of Spider (Yu et al., EMNLP
            2018): `db_id`, `tables` and `columns` with `name` and `label`, `columns` with `table`
            (its row among the tables, -1 for `*`) and `type`, `primary_keys` and `foreign_keys` by
            rows among the columns.

    Raises:
        DataError: the file is in neither form.
    """
    if path.name.endswith(JSON_LINES):
        return list(_rows(path))
    return [_statements(path)]


def _rows(path: Path) -> Iterator[Schema]:
    for line, row in json_lines(path):
        try:
            yield _schema(row)
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise DataError(
                f"{path}:{line}: no schema of a database ({type(error).__name__}: {error})",
                cure="write db_id, tables, columns, primary_keys and foreign_keys as Spider does, "
                "or give a .sql file of CREATE TABLE statements",
            ) from error


def _schema(row: Mapping[str, Any]) -> Schema:
    columns = row["columns"]

    def name(column: int) -> str:
        return str(columns[column]["name"])

    def owner(column: int) -> int:
        return int(columns[column]["table"])

    tables = (
        Table(
            table["name"],
            table.get("label", ""),
            tuple(
                Column(c["name"], c.get("label", ""), SPIDER_TYPES.get(c["type"], c["type"]))
                for c in columns
                if c["table"] == number
            ),
            tuple(name(key) for key in row.get("primary_keys", ()) if owner(key) == number),
            tuple(
                (name(key), str(row["tables"][owner(other)]["name"]), name(other))
                for key, other in row.get("foreign_keys", ())
                if owner(key) == number
            ),
        )
        for number, table in enumerate(row["tables"])
    )
    return Schema(row["db_id"], tuple(tables))


def _statements(path: Path) -> Schema:
    try:
        trees = sqlglot.parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, SqlglotError, RecursionError) as error:
        raise DataError(
            f"{path}: no SQL that can be read ({ANSI.sub('', str(error))})",
            cure="give CREATE TABLE statements in UTF-8",
        ) from error
    created = [t for t in trees if isinstance(t, exp.Create) and isinstance(t.this, exp.Schema)]
    if not created:
        raise DataError(f"{path}: creates no table", cure="give CREATE TABLE statements")
    return Schema(path.stem, tuple(map(_created, created)))


def _created(tree: exp.Create) -> Table:
    definitions = list(tree.this.find_all(exp.ColumnDef))
    keys = [c.name for c in definitions if c.find(exp.PrimaryKeyColumnConstraint)]
    together = tree.find(exp.PrimaryKey)
    return Table(
        tree.this.this.name,
        columns=tuple(Column(c.name, type=_type(c.args.get("kind"))) for c in definitions),
        primary_key=tuple(keys or [key.name for key in together.expressions] if together else keys),
        references=tuple(_references(tree, definitions)),
    )


def _references(
    tree: exp.Create, definitions: list[exp.ColumnDef]
) -> Iterator[tuple[str, str, str]]:
    holders = [(c.find(exp.Reference), [c.name]) for c in definitions]
    holders += [
        (key.args.get("reference"), [column.name for column in key.expressions])
        for key in tree.find_all(exp.ForeignKey)
    ]
    for reference, names in holders:
        target = reference.this if reference else None
        if isinstance(target, exp.Schema):
            for name, other in zip(names, target.expressions, strict=False):
                yield str(name), target.this.name, other.name


def _type(kind: exp.Expr | None) -> str:
    if kind is None:
        return ""
    return next((name for name, types in KINDS.items() if kind.this in types), "other")
