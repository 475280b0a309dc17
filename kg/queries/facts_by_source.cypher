// How many annotated facts rest on each source?
MATCH (x:owl__Axiom)
OPTIONAL MATCH (x)-[:kgt__source]->(s:Resource)
WITH coalesce(s.uri, x.kgt__source) AS source
WHERE source IS NOT NULL
RETURN source, count(*) AS facts
ORDER BY facts DESC, source
