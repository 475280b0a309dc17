// Which functions does a module define?
// $module: its label, such as json.decoder
MATCH (f:api__Function)-[:api__partOf]->(m:api__Module)
WHERE m.rdfs__label = $module
RETURN f.rdfs__label AS function, f.uri AS uri
ORDER BY function, uri
