// What calls a function?  $uri: its IRI
MATCH (caller:Resource)-[:api__calls]->(f:Resource)
WHERE f.uri = $uri
OPTIONAL MATCH (caller)-[:api__partOf]->(owner:Resource)
RETURN owner.rdfs__label AS owner, caller.rdfs__label AS caller, caller.uri AS uri
ORDER BY owner, caller
