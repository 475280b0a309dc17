// Which functions does most of the code call?
MATCH (caller)-[:api__calls]->(callee:api__Function)
MATCH (callee)-[:api__partOf]->(owner)
RETURN owner.rdfs__label AS owner, callee.rdfs__label AS function, count(DISTINCT caller) AS callers
ORDER BY callers DESC, owner, function
LIMIT 5
