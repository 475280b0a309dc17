// Which attributes are there, with how many values, and how many of them can be measured?
MATCH (attribute:Resource)-[:rdfs__subClassOf]->(top:Resource)
WHERE top.uri = 'https://w3id.org/kgtransfer/ns#Attribute'
OPTIONAL MATCH (attribute)<-[:rdfs__subClassOf*1..8]-(value:Resource)
OPTIONAL MATCH (value)-[:kgt__measuredBy]->(measure:Resource)
RETURN attribute.rdfs__label AS attribute, count(DISTINCT value) AS values,
       count(DISTINCT CASE WHEN measure IS NOT NULL THEN value.uri END) AS measured,
       attribute.uri AS uri
ORDER BY uri
