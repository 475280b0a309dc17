// How many nodes are there of each type?
MATCH (n:Resource)
UNWIND labels(n) AS label
WITH label
WHERE label <> 'Resource'
RETURN label, count(*) AS nodes
ORDER BY nodes DESC, label
