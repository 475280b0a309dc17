// Which leaf classes beside others that have facts say nothing of their own?
MATCH (sibling:Resource)-[:rdfs__subClassOf]->(parent:Resource)<-[:rdfs__subClassOf]-(c:Resource)
WHERE (sibling)-[:kgt__usual]->() AND NOT (c)-[:kgt__usual|kgt__sometimes|kgt__rare|kgt__never]->()
  AND NOT (c)<-[:rdfs__subClassOf]-()
RETURN DISTINCT c.rdfs__label AS class, parent.rdfs__label AS parent, c.uri AS uri
ORDER BY uri, parent
