// Which links of SKOS join two concept schemes?
MATCH (a:Resource)-[link:skos__exactMatch|skos__closeMatch|skos__relatedMatch|skos__broadMatch|skos__narrowMatch]->(b:Resource)
MATCH (a)-[:skos__inScheme]->(from:Resource)
MATCH (b)-[:skos__inScheme]->(to:Resource)
WHERE from.uri <> to.uri
RETURN a.rdfs__label AS a, type(link) AS relation, b.rdfs__label AS b,
       from.rdfs__label AS from_scheme, to.rdfs__label AS to_scheme
ORDER BY a, relation, b, from_scheme, to_scheme
