// What was each concept worth to a run, in points of its score, the most first?
// $run: the IRI of the run
MATCH (run:prov__Activity)-[used:prov__used]->(c:Resource)
WHERE run.uri = $run AND used.kgt__worth IS NOT NULL
RETURN c.rdfs__label AS concept, used.kgt__worth AS worth, used.kgt__weight AS weight, c.uri AS uri
ORDER BY worth DESC, uri
