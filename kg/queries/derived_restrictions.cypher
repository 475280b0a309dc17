// What has every member of a class, by its own restrictions and those above it?
// $uri: the IRI of the class
MATCH (c:Resource)-[:rdfs__subClassOf*0..8]->(above:Resource)-[fact {quantifier: 'some'}]->(part)
WHERE c.uri = $uri
RETURN DISTINCT above.uri AS class, type(fact) AS relation, part.uri AS filler
ORDER BY class, relation, filler
