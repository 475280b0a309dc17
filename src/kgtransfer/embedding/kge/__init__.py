"""Knowledge-graph embeddings: score functions, training, evaluation, updates."""
