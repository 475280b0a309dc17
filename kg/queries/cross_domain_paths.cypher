// Which chains of at most four SKOS links lead from a concept into another scheme?
// $uri: the IRI of the concept
MATCH path = (a:Resource)-[:skos__exactMatch|skos__closeMatch|skos__relatedMatch|skos__broader|skos__related*1..4]-(b:Resource)
MATCH (a)-[:skos__inScheme]->(from:Resource)
MATCH (b)-[:skos__inScheme]->(to:Resource)
WHERE a.uri = $uri AND from.uri <> to.uri
RETURN b.rdfs__label AS concept, to.rdfs__label AS scheme, length(path) AS links,
       [node IN nodes(path) | node.rdfs__label] AS chain
ORDER BY links, concept, chain, scheme
LIMIT 100
