"""Files that are not well-formed -> where the mistake is, and what was likely meant."""
