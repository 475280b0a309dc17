"""Cypher's values and clauses that need no graph, with the rows that they give on every engine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kgtransfer.store import GraphStore

Case = tuple[str, str, dict[str, Any], list[tuple[Any, ...]]]


PARAMETERS: list[Case] = [
    ("every type", "RETURN $i AS i, $f AS f, $b AS b, $n AS n, $s AS s, $l AS l, $m AS m",
     {"i": -(2**62), "f": -0.5, "b": False, "n": None, "s": "x", "l": [1, 2],
      "m": {"a": [1.5, None]}},
     [(-(2**62), -0.5, False, None, "x", [1, 2], {"a": [1.5, None]})]),
    ("a date", "RETURN $d AS d", {"d": date(2024, 2, 29)}, [(date(2024, 2, 29),)]),
    ("a time", "RETURN $t AS t", {"t": datetime(2024, 2, 29, 1, 2, 3, 4000, tzinfo=UTC)},
     [(datetime(2024, 2, 29, 1, 2, 3, 4000, tzinfo=UTC),)]),
    ("a text that tries to be code", "RETURN $t AS t",
     {"t": "'}) DETACH DELETE n // ` \\ \\u0027 \n\t ü 細胞 🩸"},
     [("'}) DETACH DELETE n // ` \\ \\u0027 \n\t ü 細胞 🩸",)]),
    ("rows", "UNWIND $rows AS row RETURN row.k AS k, row.w AS w ORDER BY w",
     {"rows": [{"k": "a", "w": 0.5}, {"k": "b", "w": 0.25}]}, [("b", 0.25), ("a", 0.5)]),
    ("page", "UNWIND range(1, 10) AS x RETURN x ORDER BY x SKIP $skip LIMIT $limit",
     {"skip": 4, "limit": 2}, [(5,), (6,)]),
    ("nothing and something", "RETURN coalesce($x, $y) AS a", {"x": None, "y": 3}, [(3,)]),
]  # fmt: skip

CLAUSES: list[Case] = [
    ("unwind", "UNWIND [3, 1, 2] AS x RETURN x ORDER BY x DESC", {}, [(3,), (2,), (1,)]),
    ("unwind nothing", "UNWIND [] AS x RETURN x", {}, []),
    ("unwind twice", "UNWIND [[1, 2], [3]] AS l UNWIND l AS x RETURN sum(x) AS s", {}, [(6,)]),
    ("with, where", "WITH 1 AS a, 2 AS b WITH a + b AS c WHERE c = 3 RETURN c * 2 AS d", {},
     [(6,)]),
    ("with, order, limit", ("UNWIND [3, 1, 2] AS x WITH x ORDER BY x LIMIT 2 "
     "RETURN collect(x) AS l"), {}, [([1, 2],)]),
    ("case by condition", ("UNWIND [1, 5, 9] AS x RETURN CASE WHEN x > 6 THEN 'high' "
     "WHEN x > 3 THEN 'mid' ELSE 'low' END AS k"), {}, [("low",), ("mid",), ("high",)]),
    ("case by value", ("UNWIND [1, 2, null] AS x RETURN CASE x WHEN 1 THEN 'one' WHEN 2 THEN 'two' "
     "END AS w"), {}, [("one",), ("two",), (None,)]),
    ("union", "RETURN 1 AS x UNION RETURN 1 AS x", {}, [(1,)]),
    ("union all", "RETURN 1 AS x UNION ALL RETURN 1 AS x UNION ALL RETURN 2 AS x", {},
     [(1,), (1,), (2,)]),
    ("skip to the end", "UNWIND [1, 2, 3] AS x RETURN x ORDER BY x SKIP 2 LIMIT 5", {}, [(3,)]),
    ("limit 0", "UNWIND [1, 2] AS x RETURN x LIMIT 0", {}, []),
    ("order with null last", "UNWIND [2, null, 1] AS x RETURN x ORDER BY x", {},
     [(1,), (2,), (None,)]),
    ("order by two", ("UNWIND [[1, 'b'], [0, 'c'], [1, 'a']] AS p RETURN p[0] AS n, p[1] AS t "
     "ORDER BY n DESC, t"), {}, [(1, "a"), (1, "b"), (0, "c")]),
    ("distinct", "UNWIND [1, 2, 1, null, null] AS x RETURN DISTINCT x ORDER BY x", {},
     [(1,), (2,), (None,)]),
    ("aggregates", ("UNWIND [1, 2, 2, null] AS x RETURN count(*) AS n, count(x) AS k, "
     "count(DISTINCT x) AS d, sum(DISTINCT x) AS s"), {}, [(4, 3, 2, 3)]),
    ("comments", "RETURN 1 AS a // DETACH DELETE\n, 2 AS b // MERGE", {}, [(1, 2)]),
]  # fmt: skip

VALUES: list[Case] = [
    ("list items", ("RETURN [1, 2, 3][0] AS a, [1, 2, 3][-1] AS b, [1, 2, 3][5] AS c, "
     "[1, 2, 3, 4][1..3] AS d, size([1, 2]) AS e"), {}, [(1, 3, None, [2, 3], 2)]),
    ("list comprehension", "RETURN [x IN range(1, 6) WHERE x % 2 = 0 | x * x] AS l", {},
     [([4, 16, 36],)]),
    ("list functions", ("RETURN head([1, 2]) AS h, last([1, 2]) AS l, tail([1, 2, 3]) AS t, "
     "reverse([1, 2, 3]) AS r, [1] + [2, 3] AS p"), {}, [(1, 2, [2, 3], [3, 2, 1], [1, 2, 3])]),
    ("list predicates", ("WITH [1, 2] AS l RETURN any(x IN l WHERE x > 1) AS a, "
     "all(x IN l WHERE x > 1) AS b, none(x IN l WHERE x > 2) AS c, "
     "single(x IN l WHERE x > 1) AS d"),
     {}, [(True, False, True, True)]),
    ("reduce", "RETURN reduce(s = 0, x IN [1, 2, 3] | s + x) AS s", {}, [(6,)]),
    ("membership and null", "RETURN 2 IN [1, 2] AS a, null IN [1] AS b, 3 IN [1, null] AS c", {},
     [(True, None, None)]),
    ("range", "RETURN range(0, 10, 5) AS r, size(range(1, 0)) AS z", {}, [([0, 5, 10], 0)]),
    ("maps", ("WITH {a: 1, b: {c: [true, null]}} AS m RETURN m, m.a AS a, m['b'].c AS c, "
     "m.nope AS n"), {}, [({"a": 1, "b": {"c": [True, None]}}, 1, [True, None], None)]),
    ("keys of a map", "UNWIND keys({a: 1, b: 2}) AS k RETURN k ORDER BY k", {}, [("a",), ("b",)]),
    ("letters", ("RETURN toUpper('aö') AS u, toLower('ÄB') AS l, trim('  a ') AS t, "
     "size('größe') AS s, reverse('abc') AS r"), {}, [("AÖ", "äb", "a", 5, "cba")]),
    ("parts of a text", ("RETURN substring('hello', 1, 3) AS m, left('hello', 2) AS l, "
     "right('hello', 2) AS r, split('a,b,c', ',') AS s, replace('a-b', '-', '+') AS p"), {},
     [("ell", "he", "lo", ["a", "b", "c"], "a+b")]),
    ("a text in another", ("RETURN 'a' STARTS WITH '' AS a, 'abc' CONTAINS 'bc' AS b, "
     "'abc' ENDS WITH 'B' AS c"), {}, [(True, True, False)]),
    ("regular expressions match the whole text", ("RETURN 'abc' =~ 'a.*' AS a, 'abc' =~ 'b' AS b, "
     "'ABC' =~ '(?i)abc' AS c"), {}, [(True, False, True)]),
    ("conversions", ("RETURN toInteger('7') AS i, toFloat('1.5') AS f, toInteger('x') AS n, "
     "toString(12) AS s, toBoolean('true') AS b, 'a' + 'b' AS c"), {},
     [(7, 1.5, None, "12", True, "ab")]),
    ("arithmetic", ("RETURN 7 / 2 AS i, 7.0 / 2 AS f, 7 % 3 AS m, 2 ^ 3 AS p, -7 / 2 AS n, "
     "abs(-2) AS a"), {}, [(3, 3.5, 1, 8.0, -3, 2)]),
    ("rounding", ("RETURN round(2.5) AS r, floor(-1.5) AS f, ceil(1.2) AS c, sqrt(9) AS s, "
     "sign(-3) AS g"), {}, [(3.0, -2.0, 2.0, 3.0, -1)]),
    ("comparison", "RETURN 1 = 1.0 AS a, 1 < 1.5 AS b, 'a' < 'b' AS c, 1 <> 2 AS d", {},
     [(True, True, True, True)]),
    ("null", "RETURN null = null AS a, null IS NULL AS b, NOT null AS c, 1 + null AS d", {},
     [(None, True, None, None)]),
    ("three-valued logic", ("RETURN true AND null AS a, false AND null AS b, true OR null AS c, "
     "false OR null AS d"), {}, [(None, False, True, None)]),
    ("dates", ("RETURN date('2024-02-29') AS d, date('2024-02-29') < date('2024-03-01') AS b, "
     "date('2024-02-29').month AS m"), {}, [(date(2024, 2, 29), True, 2)]),
    ("a day later", "RETURN date('2024-02-29') + duration({days: 1}) AS d", {},
     [(date(2024, 3, 1),)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cypher", "params", "rows"),
    [pytest.param(*case[1:], id=case[0]) for case in (*PARAMETERS, *CLAUSES, *VALUES)],
)
def test_rows(
    smear: GraphStore, cypher: str, params: dict[str, Any], rows: list[tuple[Any, ...]]
) -> None:
    answers = [tuple(row.values()) for row in smear.run(cypher, params)]
    assert answers == rows
    assert [[type(v) for v in row] for row in answers] == [[type(v) for v in row] for row in rows]
