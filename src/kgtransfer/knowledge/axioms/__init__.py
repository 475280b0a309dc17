"""What an ontology says of its classes as rules; `axioms_of` gives all of them."""

from kgtransfer.knowledge.axioms.axioms import axioms_of

__all__ = ["axioms_of"]
