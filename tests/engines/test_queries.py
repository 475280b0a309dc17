"""Queries over a graph, with the rows that they give on every engine: patterns, counts, paths."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kgtransfer.store import GraphStore

EX = "http://example.org/smear#"
Case = tuple[str, str, dict[str, Any], list[tuple[Any, ...]]]


MATCHING: list[Case] = [
    ("by label", "MATCH (c:ex__Smear) RETURN c.rdfs__label AS l ORDER BY l", {},
     [("smear 7",), ("smear 8",)]),
    ("by iri", ("MATCH (c:Resource {uri: $uri}) RETURN c.rdfs__label AS l, c.ex__share AS share, "
     "c.ex__diameterMin AS least, c.ex__phagocyte AS eats, c.skos__definition AS none"),
     {"uri": EX + "Neutrophil"}, [("neutrophil@en", 0.6, 12, True, None)]),
    ("by number", ("MATCH (c:owl__Class) WHERE c.ex__share >= $least "
     "RETURN c.rdfs__label AS l, c.ex__share AS share ORDER BY share DESC"), {"least": 0.05},
     [("neutrophil@en", 0.6), ("lymphocyte@en", 0.3), ("monocyte@en", 0.06),
      ("band neutrophil@en", 0.05)]),
    ("by list", "MATCH (c:owl__Class) WHERE c.uri IN $uris RETURN c.rdfs__label AS l ORDER BY l",
     {"uris": [EX + "BCell", EX + "TCell", "x"]}, [("B cell@en",), ("T cell@en",)]),
    ("by a value that tries to be code", "MATCH (c:Resource {uri: $uri}) RETURN c",
     {"uri": "'}) DETACH DELETE c //"}, []),
    ("by word", ("MATCH (c:owl__Class) WHERE toLower(c.rdfs__label) CONTAINS $part "
     "RETURN split(c.rdfs__label, '@')[0] AS l ORDER BY l"), {"part": "phil"},
     [("band neutrophil",), ("basophil",), ("eosinophil",), ("neutrophil",)]),
    ("by one of many values", ("MATCH (c:Resource) WHERE $word IN c.skos__altLabel "
     "RETURN c.rdfs__label AS l"), {"word": "PMN"}, [("neutrophil@en",)]),
    ("by language", ("MATCH (c:Resource) WHERE any(s IN c.skos__altLabel WHERE s ENDS WITH '@de') "
     "RETURN c.rdfs__label AS l ORDER BY l"), {}, [("indented nucleus@en",), ("leukocyte@en",)]),
    ("by quotes", "MATCH (c:Resource) WHERE c.skos__notation = $n RETURN c.rdfs__label AS l",
     {"n": "C'r \"1\""}, [("copper red@en",)]),
    ("by date", "MATCH (c) WHERE c.dct__issued > $d RETURN c.rdfs__label AS l, c.dct__issued AS d",
     {"d": date(2016, 1, 1)}, [("review of granulocytes@en", date(2020, 2, 29))]),
    ("by time", "MATCH (s:ex__Smear) WHERE s.ex__takenAt < $time RETURN s.rdfs__label AS l",
     {"time": datetime(2024, 3, 1, tzinfo=UTC)}, [("smear 7",)]),
    ("a date from text", ("MATCH (s:ex__Smear) WHERE s.ex__takenOn = date($d) "
     "RETURN s.rdfs__label AS l"), {"d": "2023-12-31"}, [("smear 8",)]),
    ("a time from text", ("MATCH (s:ex__Smear) WHERE s.ex__takenAt > datetime($t) "
     "RETURN s.rdfs__label AS l"), {"t": "2024-02-29T12:00:00Z"}, [("smear 7",)]),
    ("parts of a date", ("MATCH (s:ex__Smear) RETURN s.ex__takenOn.year AS y, "
     "s.ex__takenOn.month AS m, s.ex__takenOn.day AS d ORDER BY y"), {},
     [(2023, 12, 31), (2024, 2, 29)]),
    ("every kind of value", ("MATCH (s:ex__Smear {uri: $uri}) RETURN s.ex__counted AS counted, "
     "s.ex__big AS big, s.ex__takenOn AS day, s.ex__note AS note"), {"uri": EX + "smear7"},
     [([1, 2, 3], 9007199254740993, date(2024, 2, 29),
       ["50 % \\ 'old' \"film\"", "Zeile 1\nZeile 2"])]),
    ("a number beyond double precision", ("MATCH (s:ex__Smear) WHERE s.ex__big = $n "
     "RETURN s.ex__big + 1 AS next"), {"n": 9007199254740993}, [(9007199254740994,)]),
    ("labels of a node", ("MATCH (n:Resource {uri: $uri}) UNWIND labels(n) AS l "
     "RETURN l ORDER BY l"), {"uri": "https://w3id.org/kgtransfer/ns#usual"},
     [("Resource",), ("kgt__Frequency",), ("owl__AnnotationProperty",)]),
    ("two labels", ("MATCH (n:kgt__Frequency:owl__AnnotationProperty) "
     "RETURN n.rdfs__label AS l, n.kgt__probability AS p ORDER BY p DESC"), {},
     [("usual@en", 0.9), ("sometimes@en", 0.3), ("rare@en", 0.05), ("never@en", 0.01)]),
    ("either label", ("MATCH (n) WHERE n:kgt__Measure OR n:kgt__Grounder "
     "RETURN n.rdfs__label AS l ORDER BY l"), {},
     [("blueness@en",), ("cell grounder@en",), ("lobe count@en",), ("redness@en",),
      ("roundness@en",)]),
    ("a label in a parameter", "MATCH (n) WHERE $label IN labels(n) RETURN count(n) AS n",
     {"label": "kgt__Measure"}, [(4,)]),
    ("not that label", ("MATCH (c:Resource) WHERE c.uri STARTS WITH $p AND NOT c:owl__Class "
     "RETURN count(c) AS n"), {"p": EX}, [(23,)]),
    ("names in back-ticks", ("MATCH (c:`owl__Class`)-[:`kgt__never`]->() "
     "RETURN c.`rdfs__label` AS `the label` ORDER BY `the label`"), {},
     [("band neutrophil@en",), ("eosinophil@en",), ("neutrophil@en",)]),
    ("what is missing", ("MATCH (m:kgt__Measure) WHERE m.kgt__unit IS NULL "
     "RETURN m.rdfs__label AS l"), {}, [("blueness@en",)]),
    ("either or", ("MATCH (n:kgt__Frequency) WHERE n.rdfs__label <> 'never@en' "
     "XOR n.kgt__probability > 0.5 RETURN n.rdfs__label AS l ORDER BY l"), {},
     [("rare@en",), ("sometimes@en",)]),
    ("a property by name", "MATCH (c:Resource {uri: $uri}) RETURN c[$key] AS v",
     {"uri": EX + "Basophil", "key": "ex__share"}, [(0.01,)]),
    ("names of properties", ("MATCH (c:Resource {uri: $uri}) UNWIND keys(c) AS k "
     "WITH k WHERE k STARTS WITH 'ex__' RETURN k ORDER BY k"), {"uri": EX + "Basophil"},
     [("ex__diameterMax",), ("ex__diameterMin",), ("ex__phagocyte",), ("ex__share",)]),
    ("a chosen map", "MATCH (c:Resource {uri: $uri}) RETURN c {.ex__share, n: 1} AS m",
     {"uri": EX + "Basophil"}, [({"ex__share": 0.01, "n": 1},)]),
]  # fmt: skip

LINKS: list[Case] = [
    ("one step", ("MATCH (c:owl__Class)-[:kgt__usual]->(:Resource {uri: $uri}) "
     "RETURN c.rdfs__label AS l ORDER BY l"), {"uri": EX + "PinkCytoplasm"},
     [("erythrocyte@en",), ("neutrophil@en",)]),
    ("one of several types", ("MATCH (:Resource {uri: $uri})-[r:kgt__usual|kgt__never]->(v) "
     "RETURN type(r) AS t, v.rdfs__label AS l ORDER BY t, l"), {"uri": EX + "Neutrophil"},
     [("kgt__never", "round nucleus@en"),
      ("kgt__usual", "lilac granules@en"), ("kgt__usual", "multilobed nucleus@en"),
      ("kgt__usual", "pink cytoplasm@en")]),
    ("both ways", "MATCH (c)--(:kgt__Measure {uri: $uri}) RETURN c.rdfs__label AS l ORDER BY l",
     {"uri": EX + "lobeCount"}, [("bilobed nucleus@en",), ("multilobed nucleus@en",)]),
    ("what two share", ("MATCH (a)-[:kgt__usual]->(v)<-[:kgt__usual]-(b) WHERE a.uri < b.uri "
     "RETURN a.rdfs__label AS a, b.rdfs__label AS b, v.rdfs__label AS v ORDER BY a, b, v"), {},
     [("band neutrophil@en", "monocyte@en", "indented nucleus@en"),
      ("erythrocyte@en", "neutrophil@en", "pink cytoplasm@en"),
      ("erythrocyte@en", "thrombocyte@en", "no nucleus@en")]),
    ("two patterns", ("MATCH (r:owl__Restriction)-[:owl__onProperty]->(:Resource {uri: $uri}) "
     "MATCH (r)-[:owl__someValuesFrom]->(f) RETURN f.rdfs__label AS f ORDER BY f"),
     {"uri": EX + "developsFrom"},
     [("lymphoid progenitor@en",), *(("myeloid progenitor@en",),) * 2]),
    ("a property of a link", ("MATCH (a)-[r {quantifier: 'some'}]->(b) WHERE r.derived "
     "RETURN a.rdfs__label AS a, type(r) AS r, b.rdfs__label AS b ORDER BY a, r, b"), {},
     [("T cell@en", "ex__maturesIn", "thymus@en"), ("blood cell@en", "ex__foundIn", "blood@en"),
      ("granulocyte@en", "ex__developsFrom", "myeloid progenitor@en"),
      ("granulocyte@en", "ex__hasPart", "granule@en"),
      ("lymphocyte@en", "ex__developsFrom", "lymphoid progenitor@en"),
      ("monocyte@en", "ex__developsFrom", "myeloid progenitor@en")]),
    ("a link as value", "MATCH (:Resource {uri: $uri})-[r:ex__foundIn]->() RETURN r",
     {"uri": EX + "BloodCell"},
     [({"type": "ex__foundIn", "properties": {"quantifier": "some", "derived": True}},)]),
    ("both ends", ("MATCH (:Resource {uri: $uri})-[r:kgt__usual]->() RETURN "
     "startNode(r).rdfs__label AS s, endNode(r).rdfs__label AS e"), {"uri": EX + "PlasmaCell"},
     [("plasma cell@en", "blue cytoplasm@en")]),
    ("a type in a parameter", "MATCH ()-[r]->() WHERE type(r) = $t RETURN count(r) AS n",
     {"t": "kgt__measuredBy"}, [(6,)]),
    ("without any link", ("MATCH (c:owl__Class) WHERE NOT (c)--() RETURN c.rdfs__label AS l "
     "ORDER BY l"), {}, [("artefact@en",), ("smudge cell@en",)]),
    ("with one link and not another", ("MATCH (v:owl__Class) WHERE (v)-[:kgt__measuredBy]->() "
     "AND NOT (v)<-[:kgt__sometimes]-() RETURN v.rdfs__label AS l ORDER BY l"), {},
     [("blue cytoplasm@en",), ("red granules@en",), ("round nucleus@en",)]),
    ("anonymous nodes", ("MATCH (:ex__Smear)-[:ex__region]->(b) RETURN b.ex__x AS x, b.ex__y AS y, "
     "b.rdfs__label AS l ORDER BY x"), {}, [(1, -2, "upper edge"), (5, 7, None)]),
    ("annotated facts", ("MATCH (x:owl__Axiom)-[:owl__annotatedSource]->(c) "
     "OPTIONAL MATCH (x)-[:kgt__source]->(s) RETURN c.rdfs__label AS c, s.rdfs__label AS s, "
     "x.kgt__source AS t, x.kgt__evidence AS e ORDER BY c"), {},
     [("basophil@en", None, "doi:10.1000/182", None),
      ("eosinophil@en", "atlas of blood films@en", None, "large, refractile, orange-red@en"),
      ("granulocyte@en", "atlas of blood films@en", None, None),
      ("neutrophil@en", "review of granulocytes@en", None, "two to five lobes@en")]),
    ("optional", ("MATCH (v)-[:rdfs__subClassOf]->(:Resource {uri: $uri}) "
     "OPTIONAL MATCH (v)-[:kgt__measuredBy]->(m) RETURN v.rdfs__label AS v, m.rdfs__label AS m "
     "ORDER BY v"), {"uri": EX + "NucleusShape"},
     [("bilobed nucleus@en", "lobe count@en"), ("indented nucleus@en", "roundness@en"),
      ("multilobed nucleus@en", "lobe count@en"), ("no nucleus@en", None),
      ("round nucleus@en", "roundness@en")]),
    ("optional, counted", ("MATCH (c)-[:rdfs__subClassOf]->(:Resource {uri: $uri}) "
     "OPTIONAL MATCH (c)-[:kgt__never]->(v) WITH c, count(v) AS n "
     "RETURN c.rdfs__label AS c, n ORDER BY c"), {"uri": EX + "Granulocyte"},
     [("basophil@en", 0), ("eosinophil@en", 1), ("immature granulocyte@en", 0),
      ("neutrophil@en", 1)]),
    ("optional, nothing there", "OPTIONAL MATCH (c:owl__Class {uri: 'x'}) RETURN c.uri AS u", {},
     [(None,)]),
    ("two optional patterns", ("MATCH (c:Resource {uri: $uri}) "
     "OPTIONAL MATCH (c)-[:kgt__rare]->(r)-[:kgt__measuredBy]->(m) "
     "OPTIONAL MATCH (c)-[:kgt__sometimes]->(s) RETURN r.rdfs__label AS r, m.rdfs__label AS m, s"),
     {"uri": EX + "Neutrophil"}, [("bilobed nucleus@en", "lobe count@en", None)]),
    ("every pair", "MATCH (a:kgt__Measure), (b:kgt__Frequency) RETURN count(*) AS n", {}, [(16,)]),
]  # fmt: skip

COUNTS: list[Case] = [
    ("count, sum, extremes", ("MATCH (c:owl__Class) RETURN count(*) AS n, count(c.ex__share) AS k, "
     "sum(c.ex__diameterMin) AS s, min(c.ex__diameterMin) AS lo, max(c.ex__diameterMax) AS hi"), {},
     [(40, 6, 63, 7, 22)]),
    ("mean", "MATCH (c:owl__Class) RETURN avg(c.ex__diameterMin) AS a", {}, [(10.5,)]),
    ("of nothing", ("MATCH (c:ex__Smear {uri: 'x'}) RETURN count(c) AS n, sum(c.ex__big) AS s, "
     "collect(c.uri) AS l, max(c.ex__big) AS m, avg(c.ex__big) AS a"), {},
     [(0, 0, [], None, None)]),
    ("the most frequent", ("MATCH (c)-[:kgt__usual]->(v) RETURN v.rdfs__label AS v, count(c) AS n "
     "ORDER BY n DESC, v LIMIT 4"), {},
     [("indented nucleus@en", 2), ("no nucleus@en", 2), ("pink cytoplasm@en", 2),
      ("bilobed nucleus@en", 1)]),
    ("distinct", ("MATCH (c:owl__Class)-[r]->(:owl__Class) WHERE type(r) STARTS WITH 'kgt__' "
     "RETURN type(r) AS t, count(*) AS n, count(DISTINCT c) AS c ORDER BY t"), {},
     [("kgt__never", 3, 3), ("kgt__rare", 1, 1), ("kgt__sometimes", 4, 4), ("kgt__usual", 14, 9)]),
    ("collect in order", ("MATCH (v)-[:kgt__measuredBy]->(m) WITH m, v ORDER BY v.rdfs__label "
     "RETURN m.rdfs__label AS m, collect(v.rdfs__label) AS l ORDER BY m"), {},
     [("blueness@en", ["blue cytoplasm@en"]),
      ("lobe count@en", ["bilobed nucleus@en", "multilobed nucleus@en"]),
      ("redness@en", ["red granules@en"]),
      ("roundness@en", ["indented nucleus@en", "round nucleus@en"])]),
    ("by a value that may be missing", ("MATCH (c:owl__Class) WITH c.ex__phagocyte AS p, "
     "count(*) AS n RETURN p, n ORDER BY n"), {}, [(False, 2), (True, 3), (None, 35)]),
    ("only large groups", ("MATCH (c)-[:kgt__usual]->(v) WITH c, count(v) AS n WHERE n > 1 "
     "RETURN c.rdfs__label AS c, n ORDER BY n DESC, c"), {},
     [("neutrophil@en", 3), ("eosinophil@en", 2), ("erythrocyte@en", 2), ("lymphocyte@en", 2)]),
    ("take apart", ("MATCH (c:owl__Class) WITH collect(DISTINCT c.ex__diameterMin) AS d "
     "UNWIND d AS x RETURN x ORDER BY x"), {}, [(7,), (10,), (12,), (15,)]),
    ("types", "MATCH ()-[r]->() RETURN type(r) AS t, count(*) AS n ORDER BY n DESC, t LIMIT 4", {},
     [("rdfs__subClassOf", 37), ("kgt__usual", 14), ("owl__onProperty", 7),
      ("owl__someValuesFrom", 7)]),
    ("labels", ("MATCH (n:Resource) UNWIND labels(n) AS l WITH l, count(*) AS n "
     "WHERE l <> 'Resource' RETURN l, n ORDER BY n DESC, l LIMIT 4"), {},
     [("owl__Class", 40), ("skos__Concept", 8), ("owl__Restriction", 7), ("kgt__Frequency", 4)]),
    ("the row of the largest", ("MATCH (v)-[:kgt__measuredBy]->(m) "
     "WITH m, max(v.kgt__threshold) AS t MATCH (v)-[:kgt__measuredBy]->(m) "
     "WHERE v.kgt__threshold = t "
     "RETURN m.rdfs__label AS m, v.rdfs__label AS v, t ORDER BY m"), {},
     [("blueness@en", "blue cytoplasm@en", -12.5), ("lobe count@en", "multilobed nucleus@en", 2.5),
      ("redness@en", "red granules@en", 20.0), ("roundness@en", "round nucleus@en", 0.85)]),
    ("sub-query count", ("MATCH (c:owl__Class) WHERE COUNT { (c)-[:kgt__usual]->() } > 2 "
     "RETURN c.rdfs__label AS c"), {}, [("neutrophil@en",)]),
    ("sub-query exists", ("MATCH (c:owl__Class) WHERE EXISTS { MATCH (c)-[:kgt__usual]->(v) "
     "WHERE v.rdfs__label CONTAINS 'blue' } RETURN c.rdfs__label AS c ORDER BY c"), {},
     [("basophil@en",), ("plasma cell@en",)]),
    ("sub-query call", ("MATCH (c:Resource {uri: $uri}) CALL (c) { MATCH (c)-[:kgt__usual]->(v) "
     "RETURN count(v) AS n } RETURN c.rdfs__label AS c, n"), {"uri": EX + "Neutrophil"},
     [("neutrophil@en", 3)]),
    ("pattern in a list", ("MATCH (c:Resource {uri: $uri}) "
     "RETURN [(c)-[:kgt__usual]->(v) | v.rdfs__label] AS l"), {"uri": EX + "PlasmaCell"},
     [(["blue cytoplasm@en"],)]),
]  # fmt: skip

PATHS: list[Case] = [
    ("up to six steps", ("MATCH (:Resource {uri: $uri})-[:rdfs__subClassOf*1..6]->(a:owl__Class) "
     "RETURN a.rdfs__label AS a ORDER BY a"), {"uri": EX + "BandNeutrophil"},
     [("blood cell@en",), ("granulocyte@en",), ("leukocyte@en",), ("neutrophil@en",)]),
    ("from no step on", ("MATCH p = (:Resource {uri: $uri})-[:rdfs__subClassOf*0..6]->(a) "
     "WHERE a:owl__Class RETURN a.rdfs__label AS a, length(p) AS n ORDER BY n"),
     {"uri": EX + "PlasmaCell"},
     [("plasma cell@en", 0), ("B cell@en", 1), ("lymphocyte@en", 2), ("leukocyte@en", 3),
      ("blood cell@en", 4)]),
    ("backwards", ("MATCH (c:owl__Class)-[:rdfs__subClassOf*1..6]->(:Resource {uri: $uri}) "
     "RETURN count(c) AS n"), {"uri": EX + "Leukocyte"}, [(11,)]),
    ("exactly two steps, of two types", ("MATCH p = (:Resource {uri: $uri})"
     "-[:skos__broader|skos__relatedMatch*2..2]->() RETURN [x IN nodes(p) | x.rdfs__label] AS l"),
     {"uri": EX + "CropCircle"}, [(["circular field@en", "field@en", "celadon@en"],)]),
    ("shortest", ("MATCH p = shortestPath((a:Resource {uri: $a})-[*..6]-(b:Resource {uri: $b})) "
     "RETURN length(p) AS n, [x IN nodes(p) | x.rdfs__label] AS l"),
     {"a": EX + "lobeCount", "b": EX + "Neutrophil"},
     [(2, ["lobe count@en", "bilobed nucleus@en", "neutrophil@en"])]),
    ("shortest, one way", ("MATCH p = shortestPath((a:Resource {uri: $a})-[:rdfs__subClassOf*..8]->"
     "(b:Resource {uri: $b})) RETURN [r IN relationships(p) | type(r)] AS t"),
     {"a": EX + "PlasmaCell", "b": EX + "Leukocyte"}, [(["rdfs__subClassOf"] * 3,)]),
    ("shortest, there is none", ("MATCH p = shortestPath((a:Resource {uri: $a})"
     "-[:rdfs__subClassOf*..8]->(b:Resource {uri: $b})) RETURN length(p) AS n"),
     {"a": EX + "Leukocyte", "b": EX + "PlasmaCell"}, []),
    ("all shortest", ("MATCH p = allShortestPaths((a:Resource {uri: $a})"
     "-[:kgt__usual|kgt__sometimes|kgt__rare*..4]-(b:Resource {uri: $b})) "
     "RETURN [x IN nodes(p) | x.rdfs__label] AS l ORDER BY l"),
     {"a": EX + "Eosinophil", "b": EX + "Neutrophil"},
     [(["eosinophil@en", "bilobed nucleus@en", "neutrophil@en"],),
      (["eosinophil@en", "multilobed nucleus@en", "neutrophil@en"],)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cypher", "params", "rows"),
    [pytest.param(*case[1:], id=case[0]) for case in (*MATCHING, *LINKS, *COUNTS, *PATHS)],
)
def test_rows(
    smear: GraphStore, cypher: str, params: dict[str, Any], rows: list[tuple[Any, ...]]
) -> None:
    assert [tuple(row.values()) for row in smear.run(cypher, params)] == rows


def test_nodes_and_paths_have_one_form(smear: GraphStore) -> None:
    (row,) = smear.run(
        "MATCH p = (a:Resource {uri: $uri})-[:kgt__measuredBy]->(m) RETURN a, p AS path",
        {"uri": EX + "BilobedNucleus"},
    )
    assert list(row) == ["a", "path"]
    value, measure = row["path"]["nodes"]
    assert (value, row["path"]["relationships"]) == (
        row["a"],
        [{"type": "kgt__measuredBy", "properties": {}}],
    )
    assert sorted(measure["labels"]) == ["Resource", "kgt__Measure"]
    properties = {k: v for k, v in measure["properties"].items() if not k.startswith("_")}
    assert properties == {
        "uri": EX + "lobeCount",
        "rdfs__label": "lobe count@en",
        "kgt__unit": "1",
        "kgt__minimum": 0,
        "kgt__maximum": 6,
    }
