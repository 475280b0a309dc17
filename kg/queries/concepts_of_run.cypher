// Which concepts did a run use, the heaviest first?
// $run: the IRI of the run
MATCH (run:prov__Activity)-[used:prov__used]->(c:Resource)
WHERE run.uri = $run AND used.kgt__weight IS NOT NULL
RETURN c.rdfs__label AS concept, used.kgt__weight AS weight, c.uri AS uri
ORDER BY weight DESC, uri
