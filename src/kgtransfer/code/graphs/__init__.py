"""What a code base says of itself -> a graph in the vocabulary of `ontology/`."""
