"""A run of code search brought up to date with its edited ontology."""
