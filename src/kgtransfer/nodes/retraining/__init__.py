"""A run over nodes brought up to date with its edited ontology."""
