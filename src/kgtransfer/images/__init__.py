"""The kind of sample that is an image."""
