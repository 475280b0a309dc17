"""Ontologies: read, checked, indexed, hashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.utils.lazy import lazy_names

if TYPE_CHECKING:
    from kgtransfer.knowledge.axioms import axioms_of as axioms_of
    from kgtransfer.knowledge.check.validate import require_valid as require_valid
    from kgtransfer.knowledge.wordnet import read_wordnet as read_wordnet

_HOME = {
    "axioms_of": "kgtransfer.knowledge.axioms",
    "read_wordnet": "kgtransfer.knowledge.wordnet",
    "require_valid": "kgtransfer.knowledge.check.validate",
}

__all__ = [*_HOME]  # noqa: PLE0604  # the names are strings
__getattr__ = lazy_names(__name__, _HOME)
