"""What is known of attributes and classes: in RDF, as vectors, as similarities."""
