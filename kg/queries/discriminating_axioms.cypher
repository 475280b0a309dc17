// Which facts tell two classes apart? Of a class and those above it, the nearest counts.
// $a: the IRI of one class
// $b: the IRI of the other
MATCH path = (c:Resource)-[:rdfs__subClassOf*0..8]->(said:Resource)
MATCH (said)-[fact:kgt__usual|kgt__sometimes|kgt__rare|kgt__never]->(value:Resource)
WHERE c.uri IN [$a, $b]
WITH value, c.uri AS class, type(fact) AS frequency, length(path) AS steps
ORDER BY steps, frequency
WITH value, collect(CASE WHEN class = $a THEN frequency END) AS of_a,
     collect(CASE WHEN class = $b THEN frequency END) AS of_b
WITH value, head(of_a) AS a, head(of_b) AS b
WHERE coalesce(a, '') <> coalesce(b, '')
OPTIONAL MATCH (value)-[:rdfs__subClassOf]->(attribute:Resource)
RETURN attribute.rdfs__label AS attribute, value.rdfs__label AS value, a, b, value.uri AS uri
ORDER BY attribute, uri
