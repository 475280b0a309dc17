"""Terms in words: labels instead of IRIs, class expressions as in Manchester syntax.

W3C OWL 2 Manchester Syntax (2012): `granule colour some pink`, `cell and (part only nucleus)`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.terms import NUMERIC, Term, node_name
from kgtransfer.knowledge.vocabulary import (
    KGT,
    LABELS,
    OWL,
    RDF,
    RDF_TYPE,
    RDFS,
    SKOS,
    XSD,
)

if TYPE_CHECKING:
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Detail", "Wording", "escaped"]

MAX_DEPTH = 12
"""Deepest nesting of expressions that is written out."""
MAX_LENGTH = 2000
"""Longest expression that is written out, in letters."""
NAMES = {
    RDFS + "subClassOf": "superclass",
    SKOS + "prefLabel": "preferred label",
    SKOS + "altLabel": "synonym",
}
QUANTIFIERS = {
    "someValuesFrom": "some",
    "allValuesFrom": "only",
    "hasValue": "value",
    "cardinality": "exactly",
    "minCardinality": "min",
    "maxCardinality": "max",
    "qualifiedCardinality": "exactly",
    "minQualifiedCardinality": "min",
    "maxQualifiedCardinality": "max",
    "hasSelf": "self",
}
OPERATORS = {"intersectionOf": " and ", "unionOf": " or ", "oneOf": ", "}
FACETS = {"minInclusive": ">=", "minExclusive": ">", "maxInclusive": "<=", "maxExclusive": "<"}


UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\xa0\u00ad\u034f\u200b-\u200f\u2000-\u200a\u2028-\u202f\u2060\u3000\ufeff]"
)
"""Characters that look like a space or like nothing."""
ESCAPES = {"\r": r"\r", "\n": r"\n", "\t": r"\t"}


def escaped(text: str) -> str:
    r"""Text -> the same with what cannot be seen in it spelt out: `\r\n` for Windows' line end."""

    def spelt(letter: str) -> str:
        return ESCAPES.get(letter) or f"\\u{ord(letter):04x}"

    if not unicodedata.is_normalized("NFC", text):  # such as an accent after its letter
        text = "".join(spelt(c) if unicodedata.combining(c) else c for c in text)
    return UNSEEN.sub(lambda match: spelt(match.group()), text)


class Detail(IntEnum):
    """How exact the words are: each step tells apart what the one before it may not."""

    LABELS = 0
    IRIS = 1
    TRIPLES = 2


@dataclass(frozen=True)
class Wording:
    """Puts the terms of one graph into words.

    Args:
        graph: the graph that has the labels.
        detail: how exact.
    """

    graph: KnowledgeGraph
    detail: Detail = Detail.LABELS

    def phrase(self, predicate: str, obj: Term) -> str:
        """Predicate and object -> what they say of their subject: `usual red`."""
        return f"{self.name(predicate)} {self.words(obj)}"

    def name(self, iri: str) -> str:
        """IRI -> the label of a concept, or of a property that the graph does not describe."""
        if self.detail > Detail.LABELS:
            return self.graph.compact(iri)
        if any(self.graph.objects(iri, label) for label in LABELS):
            return self.graph.label(iri)
        standard = iri.startswith((RDF, RDFS, OWL, SKOS, XSD, KGT))
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.graph.label(iri)).lower()
        return NAMES.get(iri) or (spaced if standard else self.graph.label(iri))

    def words(self, term: Term, depth: int = 0) -> str:
        """Term -> words."""
        if isinstance(term, ox.NamedNode):
            return self.name(term.value)
        if isinstance(term, ox.Literal):
            return self._literal(term)
        if (node := (str(term), depth)) not in self._written:
            text = self._blank(term, depth)
            cut = text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]}..."
            self._written[node] = cut
        return self._written[node]

    def _blank(self, node: ox.BlankNode, depth: int) -> str:
        if depth > MAX_DEPTH:
            return "..." if self.detail < Detail.TRIPLES else str(node)
        if self._objects(node, RDF + "first"):
            return f"({self._listed(node, ', ', depth)})"
        return self._expression(node, depth) or self._description(node, depth)

    def _expression(self, node: ox.BlankNode, depth: int) -> str:
        """Class expression or data range -> words; empty for anything else."""
        if self.detail == Detail.TRIPLES:
            return ""
        for relation in self._objects(node, OWL + "onProperty")[:1]:
            return f"({self.words(relation, depth + 1)} {self.quantified(node, depth)})"
        for kind, between in OPERATORS.items():
            for head in self._objects(node, OWL + kind)[:1]:
                brackets = "{}" if kind == "oneOf" else "()"
                return f"{brackets[0]}{self._listed(head, between, depth)}{brackets[1]}"
        for kind, before in (("complementOf", "not "), ("inverseOf", "inverse of ")):
            for operand in self._objects(node, OWL + kind)[:1]:
                return before + self.words(operand, depth + 1)
        for datatype in self._objects(node, OWL + "onDatatype")[:1]:
            return f"{self.words(datatype)}[{self._facets(node)}]"
        return ""

    def quantified(self, node: ox.BlankNode, depth: int = 0) -> str:
        """A restriction -> what it says of its property: `some red`, `exactly 2 nucleus`."""
        parts = [
            f"{word} {self.words(value, depth + 1)}"
            for kind, word in QUANTIFIERS.items()
            for value in self._objects(node, OWL + kind)
        ]
        counted = (*self._objects(node, OWL + "onClass"), *self._objects(node, OWL + "onDataRange"))
        return " ".join([*parts, *(self.words(cls, depth + 1) for cls in counted)])

    def _facets(self, node: ox.BlankNode) -> str:
        return ", ".join(
            f"{sign} {self.words(value)}"
            for head in self._objects(node, OWL + "withRestrictions")
            for facet in self.graph.members(node_name(head))
            for kind, sign in FACETS.items()
            for value in self._objects(facet, XSD + kind)
        )

    def _description(self, node: ox.BlankNode, depth: int) -> str:
        phrases = [
            f"{self.name(predicate)} {self.words(obj, depth + 1)}"
            for predicate, objects in self.graph.description(str(node)).items()
            for obj in objects
            if self.detail == Detail.TRIPLES or not self._is_kind(predicate, obj)
        ]
        return f"[{'; '.join(sorted(phrases))}]"

    @staticmethod
    def _is_kind(predicate: str, obj: Term) -> bool:
        return predicate == RDF_TYPE.value and node_name(obj).startswith(OWL)

    def _listed(self, head: Term, between: str, depth: int) -> str:
        members = self.graph.members(node_name(head))
        return between.join(self.words(member, depth + 1) for member in members)

    def _literal(self, literal: ox.Literal) -> str:
        kind = literal.datatype.value
        if self.detail == Detail.TRIPLES:
            return str(literal)
        if kind in NUMERIC:
            return literal.value
        if literal.language or kind == XSD + "string":
            text = escaped(literal.value) if self.detail else " ".join(literal.value.split())
            return f'"{text}"' + (f"@{literal.language}" if literal.language else "")
        return f'"{literal.value}"^^{self.graph.compact(kind)}'

    def _objects(self, node: Term, predicate: str) -> tuple[Term, ...]:
        return self.graph.objects(node_name(node), predicate)

    @cached_property
    def _written(self) -> dict[tuple[str, int], str]:
        """Blank node and its depth -> words, so that shared nodes are put into words once."""
        return {}
