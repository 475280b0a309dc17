"""The kind of sample that is a node of an attributed graph."""
