// What stands above a class, and how many steps up?
// $uri: the IRI of the class
MATCH path = (c:Resource)-[:rdfs__subClassOf|skos__broader*1..10]->(above:Resource)
WHERE c.uri = $uri AND NOT above.uri STARTS WITH 'bnode:'
RETURN above.rdfs__label AS concept, min(length(path)) AS steps, above.uri AS uri
ORDER BY steps, uri
