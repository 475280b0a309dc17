// Which runs are recorded, and how many concepts did each use?
MATCH (run:prov__Activity)
OPTIONAL MATCH (run)-[used:prov__used]->(:Resource)
WITH run, sum(CASE WHEN used.kgt__weight IS NULL THEN 0 ELSE 1 END) AS concepts
OPTIONAL MATCH (run)-[:prov__used]->(ontology:owl__Ontology)
RETURN run.uri AS run, concepts, ontology.uri AS ontology
ORDER BY run, ontology
