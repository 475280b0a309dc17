"""What a pre-trained head names in images, and what WordNet makes of it."""
