// Which concepts can each grounder find, the subclasses of those that it names included?
MATCH (g:kgt__Grounder)-[:kgt__grounds]->(named:Resource)<-[:rdfs__subClassOf*0..8]-(c:Resource)
WITH DISTINCT g, c
RETURN g.rdfs__label AS grounder, count(c) AS concepts, g.uri AS uri
ORDER BY uri
