"""The kind of sample that is a function of a code base."""
