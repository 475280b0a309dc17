// Where do the facts of a class come from, and what does the source say?
// $uri: the IRI of the class
MATCH (x:owl__Axiom)-[:owl__annotatedSource]->(c:Resource)
MATCH (x)-[:owl__annotatedProperty]->(p:Resource)
MATCH (x)-[:owl__annotatedTarget]->(value:Resource)
WHERE c.uri = $uri
OPTIONAL MATCH (x)-[:kgt__source]->(s:Resource)
RETURN p.rdfs__label AS fact, value.rdfs__label AS value,
       coalesce(s.uri, x.kgt__source) AS source, x.kgt__evidence AS evidence
ORDER BY fact, value, source, evidence
