"""Source files of a language -> flat lists of definitions, the same for every language."""
