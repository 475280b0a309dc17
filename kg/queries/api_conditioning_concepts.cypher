// Which concepts may condition a code model, unless a run selects others?
MATCH (c:Resource)
WHERE c:api__Module OR c:api__Class OR c:api__Function OR c:api__Method
   OR c:api__Parameter OR c:api__External
RETURN c.uri AS uri
ORDER BY uri
