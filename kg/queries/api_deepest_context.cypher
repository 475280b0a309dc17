// Which classes surround the most methods with a superclass and callers of their own?
MATCH (method:api__Method)-[:api__partOf]->(class:api__Class)-[:api__extends]->(super:api__Class)
MATCH (caller)-[:api__calls]->(method)
RETURN class.rdfs__label AS class, super.rdfs__label AS superclass,
       count(DISTINCT method) AS methods, count(DISTINCT caller) AS callers
ORDER BY methods DESC, class, superclass
LIMIT 5
