// Which concepts have a threshold, but no measure that it could be a threshold of?
MATCH (c:Resource)
WHERE c.kgt__threshold IS NOT NULL AND NOT (c)-[:kgt__measuredBy]->()
RETURN c.rdfs__label AS concept, c.kgt__threshold AS threshold, c.uri AS uri
ORDER BY uri
