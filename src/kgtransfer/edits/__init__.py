"""An edit of an ontology: what it makes stale, and runs before and after it."""
