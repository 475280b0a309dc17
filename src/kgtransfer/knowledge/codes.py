"""Codes of a data set -> the concepts that they stand for."""

from __future__ import annotations

import difflib
import math
from typing import TYPE_CHECKING

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.axioms.facts import attributes
from kgtransfer.knowledge.vocabulary import KGT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["attributes_by_code", "classes_by_code", "codes_with_classes", "numbers_of_classes"]

SHOWN = 10  # labels that an error names
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
    if unknown := [c for c in dict.fromkeys(codes) if c.casefold() not in {*coded, *named}]:
        raise _unknown(unknown, {*coded, *named})
    classes = []
    for code in codes:
        key = code.casefold()
        if key not in coded and len(named[key]) > 1:
            several = ", ".join(sorted(map(graph.compact, named[key])))
            raise OntologyError(
                f"the label {code!r} stands for several classes: {several}",
                cure=f"write kgt:codedAs {code!r} at one of them",
            )
        classes.append(_most_specific(graph, coded.get(key) or named[key]))
    return tuple(classes)


def _unknown(codes: Sequence[str], names: Collection[str]) -> OntologyError:
    """Codes that no class has -> the error that names them, and what was likely meant."""
    labels = "label" if len(codes) == 1 else "labels"
    shown = ", ".join(map(repr, codes[:SHOWN]))
    more = f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else ""
    near = difflib.get_close_matches(codes[0].casefold(), names, n=3)
    meant = f"; or did you mean {', '.join(near)}?" if near else ""
    return OntologyError(
        f"the ontology has no class for the {labels} {shown}{more}",
        cure=f"write kgt:codedAs {codes[0]!r} at the class that it stands for, or a class of that "
        f"name{meant}",
    )


def codes_with_classes(graph: KnowledgeGraph, codes: Sequence[str]) -> tuple[str, ...]:
    """Codes -> those that stand for a class at all."""
    names = {*_by_code(graph), *_by_name(graph)}
    return tuple(code for code in codes if code.casefold() in names)


def numbers_of_classes(graph: KnowledgeGraph) -> dict[str, float]:
    """Graph -> class -> the number that it is coded as, where data sets write numbers.

    Attributes and their values have codes of their own columns: they are none of them.

    Raises:
        OntologyError: a class is coded as several numbers.
    """
    values = attributes(graph)
    of_attributes = {*values, *(value for members in values.values() for value in members)}
    numbers: dict[str, float] = {}
    for code, classes in _by_code(graph).items():
        value = _number(code)
        if value is None:
            continue
        for cls in classes - of_attributes:
            if numbers.setdefault(cls, value) != value:
                raise OntologyError(
                    f"{graph.label(cls)} is coded as several numbers: {numbers[cls]:g}, {value:g}",
                    cure="keep one kgt:codedAs",
                )
    return numbers


def _number(code: str) -> float | None:
    """A finite number as text -> the number; None of any other text."""
    try:
        value = float(code)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


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
