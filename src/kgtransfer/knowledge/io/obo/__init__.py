"""OBO flat files (1.2 and 1.4) as RDF."""
