"""A validation result of SHACL in words: what is wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.vocabulary import SH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.knowledge.check.findings import Severity
    from kgtransfer.knowledge.check.shacl.results import Result, Value
    from kgtransfer.knowledge.check.shacl.shapes import Shapes
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["ResultWording"]

SEVERITIES: Mapping[str, Severity] = {SH + "Violation": "violation", SH + "Info": "hint"}

# Constraint -> what to do, for shapes that do not say it themselves.
DEFAULT_CURES = {
    "MinCount": "add {path}",
    "MaxCount": "leave out what is too much of {path}",
    "Class": "declare its type, or point to something else",
    "Datatype": "write the value with the right datatype",
    "In": "use one of the values that the shape allows",
    "Pattern": "write the value in the form that the shape asks for",
    "NodeKind": "use an IRI, a literal or a blank node as the shape asks",
    "HasValue": "add the value that the shape asks for to {path}",
    "MinLength": "write a longer text",
    "MaxLength": "write a shorter text",
    "LanguageIn": "write the text in a language that the shape allows",
    "UniqueLang": "leave one text of each language",
    "Closed": "leave out {path}, or allow it in the shape",
}


@dataclass(frozen=True)
class ResultWording:
    """Puts the results of one validation into words.

    Args:
        shapes: the shapes that it was done with.
        names: the prefixes of data and shapes.
    """

    shapes: Shapes
    names: KnowledgeGraph

    def severity(self, result: Result) -> Severity:
        """How bad it is; what SHACL leaves open is a warning."""
        return SEVERITIES.get(result["severity"], "warning")

    def message(self, result: Result) -> str:
        """What is wrong: of nested shapes also what they object to."""
        message = result["message"] or "violates a shape"
        if result["details"]:
            message = message.removesuffix(" See details for more information.").rstrip(".")
            return f"{message}: {'; '.join(result['details'])}"
        path, value = result["path"], result["value"]
        if path and value:
            message += f" ({self._path(path)}: {self._shown(value)})"
        return message

    def cure(self, result: Result) -> str:
        """What the shape says to do (`kgt:cure`), else what its constraint asks for."""
        default = DEFAULT_CURES.get(_constraint(result), "see the shape {shape}")
        path = self._path(result["path"]) if result["path"] else "the property"
        return result["cure"] or default.format(path=path, shape=self._shape(result))

    def kind(self, result: Result) -> str:
        """What the results of one constraint of one shape have in common."""
        return f"{_constraint(result)} of the shape {self._shape(result)}"

    def _shape(self, result: Result) -> str:
        shape = result["shape"]
        return self.shapes.name(shape[1]) if shape else "that has no name"

    def _path(self, path: Value) -> str:
        is_iri, name = path
        return self.names.compact(name) if is_iri else self.shapes.path(ox.BlankNode(name[2:]))

    def _shown(self, value: Value) -> str:
        is_iri, text = value
        if text.startswith("_:"):
            return "[ ]"
        return self.names.compact(text) if is_iri else text


def _constraint(result: Result) -> str:
    return result["component"].removesuffix("ConstraintComponent")
