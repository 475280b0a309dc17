// Which concepts does nothing link to anything?
MATCH (c:Resource)
WHERE NOT (c)--()
RETURN c.rdfs__label AS concept, c.uri AS uri
ORDER BY uri
LIMIT 100
