// Which concepts are of a class, as their asserted type?
// $label: the short name of the class, such as owl__Class or kgt__Measure
MATCH (c:Resource)
WHERE $label IN labels(c) AND NOT c.uri STARTS WITH 'bnode:'
RETURN c.rdfs__label AS concept, c.uri AS uri
ORDER BY uri
