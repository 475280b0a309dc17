"""Scenes from above: colour, texture and structure of a whole image, by the ontology's measures."""
