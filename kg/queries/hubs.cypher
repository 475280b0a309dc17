// Which concepts have the most links, those of recorded runs left out?
MATCH (c:Resource)-[link]-()
WHERE NOT c.uri STARTS WITH 'bnode:' AND NOT type(link) STARTS WITH 'prov__'
RETURN c.rdfs__label AS concept, count(link) AS links, c.uri AS uri
ORDER BY links DESC, uri
LIMIT 10
