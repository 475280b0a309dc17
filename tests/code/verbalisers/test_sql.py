"""SQL queries in words."""

from __future__ import annotations

import pytest

from kgtransfer.code.corpus import Snippet
from kgtransfer.code.graphs.sql import DATABASE
from kgtransfer.code.verbalisers.base import ConceptWords
from kgtransfer.code.verbalisers.sql import SQL, SQL_QUERIES


def query(code: str) -> Snippet:
    return Snippet("x:1", "", "concerts", code)


AROUND = {
    "tables": {DATABASE + "concerts/singer": ConceptWords("vocalist", "")},
    "columns": {DATABASE + "concerts/singer/nm": ConceptWords("stage name", "")},
    "parts": {
        SQL + "count": ConceptWords("count", "", ("how many",)),
        SQL + "maximum": ConceptWords("maximum", "", ("oldest",)),
    },
}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("SELECT count(*) FROM singer", "count singer"),
        ("SELECT DISTINCT nm, age FROM singer", "distinct nm and age from singer"),
        (
            """SELECT T1.nm FROM singer AS T1 JOIN concert AS T2 ON T1.id = T2.sid
            WHERE T2.year >= 2014 OR NOT T2.hall LIKE '%Arena%'""",
            "nm from singer concert where year greater or equal 2014 or not where hall like Arena",
        ),
        (
            "SELECT nm FROM singer WHERE age = (SELECT max(age) FROM singer)",
            "nm from singer with the max age",
        ),
        (
            "SELECT nm FROM singer GROUP BY nm HAVING count(*) > 2 ORDER BY age DESC LIMIT 3",
            "nm from singer group by nm where count greater 2 with the 3 max age",
        ),
        ("SELECT nm FROM singer ORDER BY age", "nm from singer order by age asc"),
        (
            "SELECT nm FROM singer WHERE id NOT IN (SELECT sid FROM concert WHERE year = 1)",
            "nm from singer except concert where year equal 1",
        ),
        ("SELECT nm FROM singer WHERE id IN (1, 2)", "nm from singer id in 1 or 2"),
        (
            "SELECT nm FROM a WHERE x BETWEEN 1 AND 2 UNION SELECT nm FROM b WHERE y IS NULL",
            "nm from a x between 1 and 2 union y is null",
        ),
    ],
)
def test_a_query_is_said_in_its_own_words(code: str, words: str) -> None:
    assert SQL_QUERIES.code_queries(query(code))[0] == words


def test_the_graph_says_what_people_say() -> None:
    counted = query("SELECT count(*) FROM singer")
    assert SQL_QUERIES.context(counted, AROUND) == "how many vocalist"
    assert set(SQL_QUERIES.graph_queries(counted, AROUND)) <= {
        "how many vocalist",
        "count vocalist",
    }
    oldest = query("SELECT T1.nm FROM singer AS T1 ORDER BY age DESC LIMIT 1")
    assert SQL_QUERIES.context(oldest, AROUND) == "stage name from vocalist with the oldest age"


def test_wordings_are_the_same_every_time() -> None:
    counted = query("SELECT count(*), nm FROM singer")
    assert SQL_QUERIES.graph_queries(counted, AROUND) == SQL_QUERIES.graph_queries(counted, AROUND)


def test_what_is_no_sql_is_taken_apart() -> None:
    assert SQL_QUERIES.code_queries(query("dropTable x;")) == ["drop table x"]
    assert SQL_QUERIES.context(query("dropTable x;"), {}) == "drop table x"
