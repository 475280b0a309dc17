// Which classes usually show a value that a class above them never shows, or the reverse?
MATCH (c:Resource)-[:rdfs__subClassOf*1..8]->(above:Resource)
MATCH (c)-[own:kgt__usual|kgt__never]->(value:Resource)<-[said:kgt__usual|kgt__never]-(above)
WHERE type(own) <> type(said)
RETURN DISTINCT c.rdfs__label AS class, type(own) AS frequency, value.rdfs__label AS value,
       above.rdfs__label AS above, c.uri AS uri
ORDER BY uri, value, above, frequency
