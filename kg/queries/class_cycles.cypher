// Which classes stand above themselves?
MATCH (c:Resource)-[:rdfs__subClassOf*1..8]->(c)
RETURN DISTINCT c.rdfs__label AS class, c.uri AS uri
ORDER BY uri
