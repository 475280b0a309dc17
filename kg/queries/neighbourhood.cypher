// What is linked to a concept, in either direction?
// $uri: the IRI of the concept
MATCH (c:Resource)-[link]-(other:Resource)
WHERE c.uri = $uri
RETURN CASE WHEN startNode(link).uri = $uri THEN 'to' ELSE 'from' END AS direction,
       type(link) AS relation, other.rdfs__label AS concept, other.uri AS uri
ORDER BY direction DESC, relation, uri
