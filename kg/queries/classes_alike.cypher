// Which classes share the most usual facts with a class?
// $uri: the IRI of the class
MATCH (c:Resource)-[:kgt__usual]->(value:Resource)<-[:kgt__usual]-(other:Resource)
WHERE c.uri = $uri
WITH other, value
ORDER BY value.uri
RETURN other.rdfs__label AS class, count(value) AS shared,
       collect(value.rdfs__label) AS values, other.uri AS uri
ORDER BY shared DESC, uri
LIMIT 20
