// Which concepts do two runs weigh differently?
// $a: the IRI of a run
// $b: the IRI of the other
MATCH (run:prov__Activity)-[used:prov__used]->(c:Resource)
WHERE (run.uri = $a OR run.uri = $b) AND used.kgt__weight IS NOT NULL
WITH c, sum(CASE WHEN run.uri = $a THEN used.kgt__weight ELSE 0.0 END) AS a,
     sum(CASE WHEN run.uri = $b THEN used.kgt__weight ELSE 0.0 END) AS b
WHERE a <> b
RETURN c.rdfs__label AS concept, a, b, c.uri AS uri
ORDER BY uri
