"""A run of link prediction brought up to date with its edited ontology."""
