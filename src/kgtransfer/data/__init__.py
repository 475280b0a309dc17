"""Data sets in their common form, with their splits."""
