"""SQL read by its tree."""

from __future__ import annotations

import pytest

from kgtransfer.code.languages.sql import mentions, parse


def test_a_query_names_tables_columns_and_parts() -> None:
    tree = parse(
        "SELECT T1.name FROM singer AS T1 JOIN concert AS T2 ON T1.id = T2.singer_id "
        'WHERE T2.year > 2014 AND country = "France" ORDER BY T1.age DESC LIMIT 1;'
    )
    assert tree is not None
    found = mentions(tree)
    assert set(found.tables) == {"singer", "concert"}
    assert set(found.columns) == {
        ("singer", "name"),
        ("singer", "id"),
        ("concert", "singer_id"),
        ("concert", "year"),
        ("", "country"),
        ("singer", "age"),
    }
    assert set(found.parts) == {
        *("select", "from", "join", "equal", "where", "and", "greater"),
        *("orderBy", "descending", "limit", "maximum"),  # the first of these are the greatest
    }


def test_a_column_is_of_the_only_table_of_its_own_query() -> None:
    tree = parse("SELECT name FROM city WHERE area = (SELECT max(area) FROM state)")
    assert tree is not None
    assert set(mentions(tree).columns) == {("city", "name"), ("city", "area"), ("state", "area")}


@pytest.mark.parametrize("code", ["", "ls -l", "SELECT FROM WHERE", "DROP TABLE x", "select("])
def test_what_is_no_query_has_no_tree(code: str) -> None:
    assert parse(code) is None
