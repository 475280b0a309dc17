// Which concepts can be measured on a sample? A selection for a run.
MATCH (c:Resource)-[:kgt__measuredBy]->(:kgt__Measure)
RETURN DISTINCT c.uri AS uri
ORDER BY uri
