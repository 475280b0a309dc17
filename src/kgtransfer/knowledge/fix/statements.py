"""Mistakes in what a well-formed text says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.check.standard_terms import meant_term
from kgtransfer.knowledge.fix.letters import Mend
from kgtransfer.knowledge.patch.edits import TextEdit
from kgtransfer.knowledge.patch.removal import without_object
from kgtransfer.knowledge.vocabulary import KGT, RDF_TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.knowledge.patch.tree import Document, Entry

__all__ = ["decimal_commas", "doubled", "standard_terms"]

_NUMBERS = "probability minimum maximum softness lowEnd highEnd threshold weight"
NUMBERS = frozenset(ox.NamedNode(KGT + name) for name in _NUMBERS.split())
"""Predicates with one decimal number as object."""
DECIMAL = ox.NamedNode(XSD + "decimal")
DIGITS = re.compile(r"([+-]?[0-9]+),([0-9]+)")


def decimal_commas(document: Document) -> Iterator[Mend]:
    """`kgt:minimum 0,97`, two objects in Turtle, becomes `kgt:minimum 0.97`."""
    for block in document.blocks:
        for entry in block.entries:
            written = DIGITS.fullmatch(document.text, entry.objects[0].start, entry.end)
            if written and len(entry.objects) == 2 and entry.verb.term in NUMBERS:
                right, comma = f"{written[1]}.{written[2]}", entry.commas[0]
                parts = _statements(document, entry)
                whole = [_of(triple, right) for triple in parts[:1]]
                what = f"{written[0]} is two numbers: {right}"
                edit = TextEdit(comma, comma + 1, ".")
                yield Mend(written.start(), what, (edit,), tuple(parts), tuple(whole))


def _statements(document: Document, entry: Entry) -> list[ox.Triple]:
    return [
        ox.Triple(subject, predicate, node.term)
        for subject, predicate, node in document.objects
        if node in entry.objects and not isinstance(subject, ox.Literal)
    ]


def _of(triple: ox.Triple, number: str) -> ox.Triple:
    return ox.Triple(triple.subject, triple.predicate, ox.Literal(number, datatype=DECIMAL))


def standard_terms(document: Document) -> Iterator[Mend]:
    """Misspelt terms of RDF, RDFS, OWL, XSD and SKOS, where only one can be meant."""
    for token, names in document.iris:
        iri = names.resolve(token)
        if iri and (right := meant_term(iri)):
            is_type = right == RDF_TYPE.value and token.start in document.verbs
            written = "a" if is_type else names.shortened(right)
            what = f"{token.text} is no term of its vocabulary: {written}"
            edit = TextEdit(token.start, token.end, written)
            yield Mend(token.start, what, (edit,), renamed={iri: right})


def doubled(document: Document) -> Iterator[Mend]:
    """A statement of something named that the text makes a second time; the first stays."""
    stated = set[tuple[object, object, object]]()
    for block in document.blocks:
        for place, entry in enumerate(block.entries):
            for index, node in enumerate(entry.objects):
                statement = (block.subject.term, entry.verb.term, node.term)
                if statement in stated:
                    edits = tuple(without_object(document.text, block, place, index))
                    yield Mend(node.start, "this is stated already", edits)
                    break
                stated.add(statement)
