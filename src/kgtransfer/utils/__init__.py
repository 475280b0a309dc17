"""Plain helpers that know nothing of the domain: files, terminal, progress, resources."""
