// Which classes show a value, and how often?
// $uri: the IRI of the value, such as a nucleus shape
MATCH (c:Resource)-[fact:kgt__usual|kgt__sometimes|kgt__rare|kgt__never]->(value:Resource)
WHERE value.uri = $uri
RETURN c.rdfs__label AS class, type(fact) AS frequency, c.uri AS uri
ORDER BY frequency DESC, uri
