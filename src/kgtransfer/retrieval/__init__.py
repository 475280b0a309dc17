"""Retrieval as a task: vectors of queries and documents, contrastive losses, ranks."""
