// How many links are there of each type?
MATCH (:Resource)-[link]->(:Resource)
RETURN type(link) AS relation, count(*) AS links
ORDER BY links DESC, relation
