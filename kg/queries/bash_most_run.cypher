// Which commands does most of the code run?
MATCH (code)-[:bash__runs]->(c:bash__Command)
RETURN c.rdfs__label AS command, count(DISTINCT code) AS lines
ORDER BY lines DESC, command
LIMIT 5
