// Which run is best for each data set, and is it in use?
MATCH (run:prov__Activity)-[:prov__used]->(data:kgt__DataSet)
WHERE run.kgt__score IS NOT NULL
WITH data, max(run.kgt__score) AS best
MATCH (run:prov__Activity)-[:prov__used]->(data)
WHERE run.kgt__score = best
RETURN data.uri AS data, run.uri AS run, best AS score, run.kgt__metric AS metric,
       run.kgt__promoted AS in_use
ORDER BY data, run
