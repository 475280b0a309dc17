// Which attributes mark each class of nodes?
MATCH (a:Resource)-[:att__marks]->(c:att__NodeClass)
RETURN c.rdfs__label AS class, a.rdfs__label AS attribute, a.att__nodeCount AS nodes
ORDER BY class, nodes DESC, attribute
LIMIT 60
