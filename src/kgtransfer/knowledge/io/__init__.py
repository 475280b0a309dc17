"""Ontologies read from files and written as text."""
