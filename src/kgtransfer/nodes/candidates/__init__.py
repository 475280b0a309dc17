"""Methods without knowledge, of which the strongest is the baseline; knowledge is added to it."""
