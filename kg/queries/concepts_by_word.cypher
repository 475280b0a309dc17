// Which concepts have a word in their label or a synonym, in any case?
// $text: the word, or a part of it
MATCH (c:Resource)
UNWIND coalesce(c.skos__altLabel, []) + [c.rdfs__label, c.skos__prefLabel] AS name
WITH c, name
WHERE toLower(name) CONTAINS toLower($text)
RETURN name, c.uri AS uri
ORDER BY uri, name
LIMIT 100
