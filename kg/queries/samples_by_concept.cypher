// Which samples of a run show a concept most strongly?
// $run: the IRI of the run
// $uri: the IRI of the concept
MATCH (grounding:prov__Collection)-[:prov__wasGeneratedBy]->(run:prov__Activity)
MATCH (grounding)-[member:prov__hadMember]->(c:Resource)
MATCH (grounding)-[:prov__wasDerivedFrom]->(sample:Resource)
WHERE run.uri = $run AND c.uri = $uri
RETURN sample.uri AS sample, member.kgt__weight AS weight
ORDER BY weight DESC, sample
LIMIT 100
