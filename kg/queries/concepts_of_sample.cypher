// Which concepts conditioned a sample, in every recorded run?
// $sample: the IRI of the sample
MATCH (grounding:prov__Collection)-[:prov__wasDerivedFrom]->(sample:Resource)
MATCH (grounding)-[:prov__wasGeneratedBy]->(run:prov__Activity)
MATCH (grounding)-[member:prov__hadMember]->(c:Resource)
WHERE sample.uri = $sample
RETURN run.uri AS run, c.rdfs__label AS concept, member.kgt__weight AS weight, c.uri AS uri
ORDER BY run, weight DESC, uri
