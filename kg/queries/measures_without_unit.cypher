// Which measures have no unit?
MATCH (m:kgt__Measure)
WHERE m.kgt__unit IS NULL
RETURN m.rdfs__label AS measure, m.uri AS uri
ORDER BY uri
