// Which classes extend a class, over at most four steps?
// $uri: the IRI of the class
MATCH (c:api__Class)-[:api__extends*1..4]->(top:api__Class)
WHERE top.uri = $uri
RETURN DISTINCT c.rdfs__label AS class, c.uri AS uri
ORDER BY class
