"""Schemas of databases and SQL queries -> their graph, in the vocabulary of `ontology/sql.ttl`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox

from kgtransfer.code.graphs.api import readable
from kgtransfer.code.languages.sql import mentions, parse
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.vocabulary import RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kgtransfer.code.corpus import Snippet
    from kgtransfer.code.languages.sql import Mentions

__all__ = ["DATABASE", "SQL", "Column", "Schema", "Table", "build_sql_graph"]

SQL = "https://w3id.org/kgtransfer/sql#"
DATABASE = "https://w3id.org/kgtransfer/database/"
"""What the IRIs of databases, their tables and columns begin with."""
UNNAMED = "main"  # the database of queries that name none, as SQLite calls it
PREFIXES = {"sql": SQL, "rdfs": RDFS}


@dataclass(frozen=True)
class Column:
    """A column: its name, what people call it, the name of its type in `ontology/sql.ttl`."""

    name: str
    label: str = ""
    type: str = ""


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        name: as SQL spells it.
        label: what people call it; by default its name, taken apart.
        columns: its columns.
        primary_key: names of columns.
        references: name of a column, and the table and column that it repeats.
    """

    name: str
    label: str = ""
    columns: tuple[Column, ...] = ()
    primary_key: tuple[str, ...] = ()
    references: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Schema:
    """A database: its name and its tables."""

    name: str
    tables: tuple[Table, ...] = ()


def build_sql_graph(
    schemas: Iterable[Schema],
    queries: Iterable[Snippet] = (),
    known: KnowledgeGraph | None = None,
) -> KnowledgeGraph:
    """Schemas, and queries of them -> one graph.

    A query reads tables and columns, and uses query parts; text that is no SQL is passed over. What
    a query names and no schema holds is described by its name alone.

    Args:
        schemas: of databases.
        queries: SQL; `module` names the database.
        known: what is said elsewhere of databases, by the same IRIs; it is not said again.
    """
    known = known or KnowledgeGraph(())
    return KnowledgeGraph(_Builder(schemas, known).triples(queries), PREFIXES)


class _Builder:
    def __init__(self, schemas: Iterable[Schema], known: KnowledgeGraph) -> None:
        self.schemas, self.known = {schema.name: schema for schema in schemas}, known
        self.tables = {  # database and table in lower case -> names of its columns in lower case
            (schema.name, table.name.lower()): [column.name.lower() for column in table.columns]
            for schema in self.schemas.values()
            for table in schema.tables
        }

    def triples(self, queries: Iterable[Snippet]) -> Iterator[ox.Triple]:
        for schema in self.schemas.values():
            yield from _entity(_iri(schema.name), "Database", readable(schema.name), schema.name)
            for table in schema.tables:
                yield from _table(schema.name, table)
        for query in queries:
            if tree := parse(query.code):
                yield from self._query(query, mentions(tree))

    def _query(self, query: Snippet, named: Mentions) -> Iterator[ox.Triple]:
        database = query.module or UNNAMED
        if named.tables:
            yield _link(query.iri, RDF_TYPE.value, SQL + "Query")
            yield _said(query.iri, RDFS + "label", query.iri.rpartition("/")[2])
        for table in named.tables:
            yield from self._known(database, table)
            yield _link(query.iri, SQL + "reads", _iri(database, table))
        for table, column in named.columns:
            owner = table or self._owner(database, named.tables, column)
            if owner:
                yield from self._known(database, owner, column)
                yield _link(query.iri, SQL + "reads", _iri(database, owner, column))
        for part in named.parts if named.tables else ():
            yield _link(query.iri, SQL + "uses", SQL + part)

    def _owner(self, database: str, tables: Sequence[str], column: str) -> str:
        """The first of some tables that has such a column."""
        for table in tables:
            if column.lower() in self.tables.get((database, table.lower()), ()):
                return table
            if self.known.types(_iri(database, table, column)):
                return table
        return ""

    def _known(self, database: str, table: str, column: str = "") -> Iterator[ox.Triple]:
        """What is said of a table or column that neither a schema nor another graph holds."""
        if database not in self.schemas:
            self.schemas[database] = Schema(database)
            yield from self._unsaid(_iri(database), "Database", database)
        columns = self.tables.get((database, table.lower()))
        if columns is None:
            columns = self.tables[database, table.lower()] = []
            yield from self._unsaid(_iri(database, table), "Table", table, _iri(database))
        if column and column.lower() not in columns:
            columns.append(column.lower())
            iri = _iri(database, table, column)
            yield from self._unsaid(iri, "Column", column, _iri(database, table))

    def _unsaid(self, iri: str, kind: str, name: str, whole: str = "") -> Iterator[ox.Triple]:
        if self.known.types(iri):
            return
        yield from _entity(iri, kind, readable(name), name)
        if whole:
            yield _link(iri, SQL + "partOf", whole)


def _table(database: str, table: Table) -> Iterator[ox.Triple]:
    iri = _iri(database, table.name)
    yield from _entity(iri, "Table", table.label or readable(table.name), table.name)
    yield _link(iri, SQL + "partOf", _iri(database))
    for column in table.columns:
        yield from _column(database, table.name, column)
    for name in table.primary_key:
        yield _link(iri, SQL + "primaryKey", _iri(database, table.name, name))
    for name, other, repeated in table.references:
        target = _iri(database, other, repeated)
        yield _link(_iri(database, table.name, name), SQL + "references", target)


def _column(database: str, table: str, column: Column) -> Iterator[ox.Triple]:
    iri = _iri(database, table, column.name)
    yield from _entity(iri, "Column", column.label or readable(column.name), column.name)
    yield _link(iri, SQL + "partOf", _iri(database, table))
    if column.type:
        yield _link(iri, SQL + "hasType", SQL + column.type)


def _entity(iri: str, kind: str, label: str, name: str) -> Iterator[ox.Triple]:
    yield _link(iri, RDF_TYPE.value, SQL + kind)
    yield _said(iri, RDFS + "label", label or name)
    yield _said(iri, SQL + "name", name)


def _iri(*names: str) -> str:
    """Names of database, table, column -> IRI; SQL does not tell capitals from small letters."""
    return DATABASE + "/".join(quote(name.lower(), safe="._-") for name in names)


def _link(head: str, relation: str, tail: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(head), ox.NamedNode(relation), ox.NamedNode(tail))


def _said(subject: str, relation: str, text: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(relation), ox.Literal(text))
