"""Codes of a data set -> the concepts that they stand for."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.facts import attributes
from kgtransfer.knowledge.vocabulary import KGT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["attributes_by_code", "classes_by_code", "codes_with_classes"]

_SUB_PROPERTY = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf"
_CLASS = "http://www.w3.org/2002/07/owl#Class"


def classes_by_code(graph: KnowledgeGraph, codes: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Codes -> the classes that each stands for, in the same order; mostly one.

    A code is what some `kgt:codedAs` property says; where none does, a class's label or synonym,
    or the end of its IRI, whatever the case. Where several classes bear one code, a label is any
    of the most specific ones: so a class can be split before its samples are labelled anew.

    Raises:
        OntologyError: a code names no class, or is the name of several.
    """
    coded, named = _by_code(graph), _by_name(graph)
    classes = []
    for code in codes:
        key = code.casefold()
        if key not in coded and key not in named:
            suggestions = difflib.get_close_matches(key, {*coded, *named}, n=3)
            raise OntologyError(
                f"the ontology has no class for the label {code!r}",
                cure=f"write kgt:codedAs {code!r} at a class"
                + (f", or did you mean {', '.join(suggestions)}?" if suggestions else ""),
            )
        if key not in coded and len(named[key]) > 1:
            several = ", ".join(sorted(map(graph.compact, named[key])))
            raise OntologyError(
                f"the label {code!r} stands for several classes: {several}",
                cure=f"write kgt:codedAs {code!r} at one of them",
            )
        classes.append(_most_specific(graph, coded.get(key) or named[key]))
    return tuple(classes)


def codes_with_classes(graph: KnowledgeGraph, codes: Sequence[str]) -> tuple[str, ...]:
    """Codes -> those that stand for a class at all."""
    names = {*_by_code(graph), *_by_name(graph)}
    return tuple(code for code in codes if code.casefold() in names)


def _most_specific(graph: KnowledgeGraph, classes: set[str]) -> tuple[str, ...]:
    superclasses = {cls for other in classes for cls in graph.ancestors(other)}
    # Without the superclasses nothing is left of classes that are each other's superclass.
    return tuple(sorted(classes - superclasses or classes))


def _by_code(graph: KnowledgeGraph) -> dict[str, set[str]]:
    properties = (KGT + "codedAs", *graph.subjects(_SUB_PROPERTY, KGT + "codedAs"))
    table: dict[str, set[str]] = {}
    for prop in properties:
        for subject, code in graph.statements(prop):
            if _CLASS in graph.types(subject):
                table.setdefault(code.value.casefold(), set()).add(subject)
    return table


def _by_name(graph: KnowledgeGraph) -> dict[str, set[str]]:
    table: dict[str, set[str]] = {}
    for cls in graph.instances(_CLASS):
        end = cls.replace("#", "/").rpartition("/")[2]
        for name in {graph.label(cls), *graph.synonyms(cls), end}:
            table.setdefault(name.casefold(), set()).add(cls)
    return table


def attributes_by_code(graph: KnowledgeGraph) -> dict[str, tuple[str, dict[str, str]]]:
    """Graph -> for each column of a table of annotations its attribute, and code -> value.

    A column is what a `kgt:codedAs` property says of an attribute, an entry what the same property
    says of one of its values.
    """
    values = attributes(graph)
    columns: dict[str, tuple[str, dict[str, str]]] = {}
    for prop in (KGT + "codedAs", *graph.subjects(_SUB_PROPERTY, KGT + "codedAs")):
        codes: dict[str, list[str]] = {}
        for subject, code in graph.statements(prop):
            codes.setdefault(subject, []).append(code.value)
        for attribute, members in values.items():
            table = {code: value for value in members for code in codes.get(value, ())}
            if len(table) > 1:
                columns |= dict.fromkeys(codes.get(attribute, ()), (attribute, table))
    return columns
