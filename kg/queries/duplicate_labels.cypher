// Which labels name more than one concept?
MATCH (c:Resource)
WHERE c.rdfs__label IS NOT NULL
WITH c
ORDER BY c.uri
WITH c.rdfs__label AS name, collect(c.uri) AS concepts
WHERE size(concepts) > 1
RETURN name, concepts
ORDER BY name
