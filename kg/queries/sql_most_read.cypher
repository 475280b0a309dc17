// Which tables do most of the queries read?
MATCH (query:sql__Query)-[:sql__reads]->(t:sql__Table)
MATCH (t)-[:sql__partOf]->(owner)
RETURN owner.rdfs__label AS database, t.rdfs__label AS table, count(DISTINCT query) AS queries
ORDER BY queries DESC, database, table
LIMIT 5
