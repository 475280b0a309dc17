// Which restrictions does the ontology state (every such class has some such part)?
MATCH (c:Resource)-[fact {quantifier: 'some'}]->(part:Resource)
RETURN c.rdfs__label AS class, type(fact) AS relation, part.rdfs__label AS filler, c.uri AS uri
ORDER BY uri, relation, filler
