// What is said of a class, by itself and by the classes above it?
// $uri: the IRI of the class
MATCH (c:Resource)-[:rdfs__subClassOf*0..8]->(said:Resource)
MATCH (said)-[fact:kgt__usual|kgt__sometimes|kgt__rare|kgt__never]->(value:Resource)
WHERE c.uri = $uri
OPTIONAL MATCH (value)-[:rdfs__subClassOf]->(attribute:Resource)
RETURN DISTINCT attribute.rdfs__label AS attribute, type(fact) AS frequency,
       value.rdfs__label AS value, said.rdfs__label AS said_of, value.uri AS uri
ORDER BY attribute, frequency DESC, uri, said_of
