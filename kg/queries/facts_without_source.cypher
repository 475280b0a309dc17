// Which facts have neither a source of their own nor one of their class?
MATCH (c:Resource)-[fact:kgt__usual|kgt__sometimes|kgt__rare|kgt__never]->(value:Resource)
WHERE NOT (c)-[:kgt__source]->() AND c.kgt__source IS NULL
OPTIONAL MATCH (c)<-[:owl__annotatedSource]-(x:owl__Axiom)-[:owl__annotatedTarget]->(value)
WITH c, fact, value, count(x) AS annotations
WHERE annotations = 0
RETURN c.rdfs__label AS class, type(fact) AS frequency, value.rdfs__label AS value, c.uri AS uri
ORDER BY uri, frequency, value
