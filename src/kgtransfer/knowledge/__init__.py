"""Ontologies: read, checked, indexed, hashed."""
