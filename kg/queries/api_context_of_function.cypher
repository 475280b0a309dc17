// What stands around a function?
// $uri: the IRI of the function
MATCH (f:Resource)-[relation]->(around:Resource)
WHERE f.uri = $uri
RETURN type(relation) AS relation, around.rdfs__label AS concept, around.uri AS uri
ORDER BY relation, concept
