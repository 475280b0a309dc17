"""Builders that read a domain's own records (source code, schemas, catalogues) into RDF."""
