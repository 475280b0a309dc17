// Which concepts does a measure decide, and from which value on?
// $uri: the IRI of the measure
MATCH (c:Resource)-[:kgt__measuredBy]->(m:Resource)
WHERE m.uri = $uri
RETURN c.rdfs__label AS concept, c.kgt__threshold AS threshold, c.kgt__softness AS softness,
       m.kgt__unit AS unit, c.uri AS uri
ORDER BY threshold, uri
