"""Schemas read from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgtransfer.code.graphs.schemas import read_schemas
from kgtransfer.code.graphs.sql import Column, Schema, Table
from kgtransfer.errors import DataError

SPIDER = {
    "db_id": "concerts",
    "tables": [{"name": "singer", "label": "singer"}, {"name": "concert", "label": "the concert"}],
    "columns": [
        {"name": "*", "label": "*", "table": -1, "type": "text"},
        {"name": "id", "label": "singer id", "table": 0, "type": "number"},
        {"name": "s", "label": "singer", "table": 1, "type": "others"},
    ],
    "primary_keys": [1],
    "foreign_keys": [[2, 1]],
}
DDL = """
CREATE TABLE singer (id INT PRIMARY KEY, name VARCHAR(20), born DATE, photo BLOB);
CREATE TABLE concert (
    singer INTEGER REFERENCES singer(id), hall TEXT, seats DECIMAL, full_house BOOLEAN,
    PRIMARY KEY (singer, hall), FOREIGN KEY (hall) REFERENCES halls (name)
);
"""


def test_spiders_form_is_read(tmp_path: Path) -> None:
    file = tmp_path / "schemas.jsonl"
    file.write_text(json.dumps(SPIDER), encoding="utf-8")
    assert read_schemas(file) == [
        Schema(
            "concerts",
            (
                Table("singer", "singer", (Column("id", "singer id", "number"),), ("id",)),
                Table(
                    "concert",
                    "the concert",
                    (Column("s", "singer", "other"),),
                    references=(("s", "singer", "id"),),
                ),
            ),
        )
    ]


def test_create_table_statements_are_read(tmp_path: Path) -> None:
    file = tmp_path / "concerts.sql"
    file.write_text(DDL, encoding="utf-8")
    (schema,) = read_schemas(file)
    singer, concert = schema.tables
    assert schema.name == "concerts"
    types = {column.name: column.type for table in schema.tables for column in table.columns}
    assert types == {
        "id": "number",
        "name": "text",
        "born": "time",
        "photo": "other",
        "singer": "number",
        "hall": "text",
        "seats": "number",
        "full_house": "boolean",
    }
    assert (singer.primary_key, concert.primary_key) == (("id",), ("singer", "hall"))
    assert concert.references == (("singer", "singer", "id"), ("hall", "halls", "name"))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", '\n{"db_id": "x"}', r"a.jsonl:2: no schema of a database"),
        ("a.sql", "SELECT 1", "creates no table"),
        ("a.sql", "CREATE TABLE (((", r"no SQL that can be read[^\x1b]+$"),
        ("a.sql", f"CREATE TABLE t (a INT DEFAULT {'(' * 3_000}", "no SQL that can be read"),
    ],
)
def test_what_is_no_schema_is_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_schemas(tmp_path / name)
