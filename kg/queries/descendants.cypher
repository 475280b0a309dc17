// What stands below a class, and how many steps down?
// $uri: the IRI of the class
MATCH path = (c:Resource)<-[:rdfs__subClassOf|skos__broader*1..10]-(below:Resource)
WHERE c.uri = $uri
RETURN below.rdfs__label AS concept, min(length(path)) AS steps, below.uri AS uri
ORDER BY steps, uri
