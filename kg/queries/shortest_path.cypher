// How are two concepts linked: the shortest chain by way of what both of them lead to?
// $a: the IRI of one concept
// $b: the IRI of the other
MATCH (a:Resource), (b:Resource)
WHERE a.uri = $a AND b.uri = $b
MATCH path = (a)-[*0..4]->(meeting:Resource)<-[*0..4]-(b)
WITH meeting, length(path) AS links, [node IN nodes(path) | node.uri] AS concepts,
     [link IN relationships(path) | type(link)] AS relations
ORDER BY links, concepts, relations
LIMIT 1
RETURN meeting.uri AS meeting, links, concepts, relations
