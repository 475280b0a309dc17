// Which runs does a run come from, one retraining after the other?
// $run: the IRI of the run
MATCH path = (run:Resource)-[:prov__wasInformedBy*1..50]->(before:Resource)
WHERE run.uri = $run
RETURN before.uri AS run, length(path) AS steps, before.kgt__score AS score
ORDER BY steps
