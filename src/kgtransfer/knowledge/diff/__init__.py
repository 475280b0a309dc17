"""What differs between two ontologies, in the words of their concepts."""
