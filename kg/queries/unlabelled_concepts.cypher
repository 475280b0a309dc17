// Which concepts have no label?
MATCH (c:Resource)
WHERE c.rdfs__label IS NULL AND c.skos__prefLabel IS NULL AND NOT c.uri STARTS WITH 'bnode:'
  AND NOT c:prov__Activity AND NOT c:prov__Entity AND NOT c:prov__Collection
  AND NOT c:owl__Ontology
RETURN c.uri AS uri
ORDER BY uri
LIMIT 100
