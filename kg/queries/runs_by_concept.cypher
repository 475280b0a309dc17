// Which runs used a concept, and with which weight?
// $uri: the IRI of the concept
MATCH (run:prov__Activity)-[used:prov__used]->(c:Resource)
WHERE c.uri = $uri
RETURN run.uri AS run, used.kgt__weight AS weight
ORDER BY run, weight
