// What calls a function?
// $uri: the IRI of the function
MATCH (caller:Resource)-[:api__calls]->(f:Resource)
WHERE f.uri = $uri
OPTIONAL MATCH (caller)-[:api__partOf]->(owner:Resource)
RETURN owner.rdfs__label AS owner, caller.rdfs__label AS caller, caller.uri AS uri
ORDER BY owner, caller
