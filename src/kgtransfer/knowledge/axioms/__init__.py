"""Class axioms as typed facts that a model can be scored by."""
