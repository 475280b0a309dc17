"""`Shapes`: SHACL files as one graph, and where in them each shape stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kgtransfer.knowledge.axioms.blank_nodes import concept_finder
from kgtransfer.knowledge.io.ontology import merge, read_files
from kgtransfer.knowledge.terms import Term, node_name
from kgtransfer.knowledge.vocabulary import OWL, RDF, RDF_TYPE, RDFS, SH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph
    from kgtransfer.knowledge.io.parsed import ParsedFile

__all__ = ["TARGETS", "Place", "Shapes", "Target", "read_shapes"]

TARGETS = tuple(SH + f"target{kind}" for kind in ("Class", "Node", "SubjectsOf", "ObjectsOf"))
SHAPE_TYPES = frozenset((SH + "NodeShape", SH + "PropertyShape"))
CLASS_TYPES = frozenset((RDFS + "Class", OWL + "Class"))
CONSTRAINING = tuple(
    SH + name
    for name in ("property", "path", "node", "and", "or", "not", "xone", "sparql", "target", "js")
)
"""Predicates that only shapes have; nearly every shape has one of them."""
REPEATED = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
IGNORED_UNLESS_TRUE = frozenset(
    SH + name for name in ("uniqueLang", "closed", "deactivated", "qualifiedValueShapesDisjoint")
)
"""Parameters that count only as the literal `true`: `"1"^^xsd:boolean` is another (SHACL 4.4.5)."""
TRUTHS = frozenset(("true", "false"))


class Place(NamedTuple):
    """A file, and the line (from 1) in it; 0 where it is not known."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Target(NamedTuple):
    """What a shape is about: instances of a class, a node, subjects or objects of a property."""

    shape: str
    kind: str
    term: str


@dataclass(frozen=True)
class Shapes:
    """Shapes as they were read.

    Attributes:
        files: their files.
        graph: what the files say together.
        named: the files that the user named, rather than a folder that holds them.
    """

    files: tuple[ParsedFile, ...]
    graph: KnowledgeGraph
    named: frozenset[str] = frozenset()

    @classmethod
    def of(cls, files: Sequence[ParsedFile], named: Iterable[str] = ()) -> Shapes:
        """Parsed files as shapes."""
        return cls(tuple(files), merge(files), frozenset(named))

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The names of the nodes that are shapes, sorted."""
        typed = {s for s, kind in self.graph.statements(RDF_TYPE.value) if _is(kind, SHAPE_TYPES)}
        targeting = {s for p in (*TARGETS, *CONSTRAINING) for s, _ in self.graph.statements(p)}
        return tuple(sorted(typed | targeting))

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """What the shapes say they are about, also by being a class themselves, sorted."""
        stated = {
            Target(shape, kind, node_name(term))
            for kind in TARGETS
            for shape, term in self.graph.statements(kind)
        }
        implicit = {
            Target(shape, TARGETS[0], shape)
            for shape in self.nodes
            if not CLASS_TYPES.isdisjoint(self.graph.types(shape))
        }
        return tuple(sorted(stated | implicit))

    @cached_property
    def ignored(self) -> tuple[ox.Triple, ...]:
        """Statements of parameters that count only as `true`, written in another way."""
        return tuple(
            triple
            for triple in self.graph.triples
            if triple.predicate.value in IGNORED_UNLESS_TRUE
            and getattr(triple.object, "value", "") not in TRUTHS
        )

    @cached_property
    def shape_of(self) -> Callable[[str], str]:
        """A node -> the named shape that it is part of; itself where there is none."""
        return concept_finder(self.graph)

    @property
    def ntriples(self) -> bytes:
        """What the validator reads: the statements that count, in N-Triples."""
        ignored = set(self.ignored)
        return "".join(f"{t} .\n" for t in self.graph.triples if t not in ignored).encode()

    def name(self, node: str) -> str:
        """Node -> the shape as people know it: its name, or its place and path."""
        if not node.startswith("_:"):
            return self.graph.compact(node)
        paths = self.graph.objects(node, SH + "path")[:1]
        return ", ".join((f"at {self.place(node)}", *(f"path {self.path(path)}" for path in paths)))

    def place(self, node: str, term: str = "") -> Place:
        """Shape, and perhaps a term that it names -> where they stand.

        An unnamed shape stands where the shape that it is part of first names its path.
        """
        top = self.shape_of(node)
        names = [term, *(self._identifying_iris(node) if node.startswith("_:") else ())]
        for file in self.files:
            if top in file.positions:
                start = file.positions[top]
                lines = (line for iri in names if iri and (line := file.mention(iri, start)))
                return Place(str(file.path), next(lines, start))
        for iri in names:
            for file in self.files:
                if iri and (line := file.mention(iri)):
                    return Place(str(file.path), line)
        return Place(str(self.files[0].path) if len(self.files) == 1 else "", 0)

    def path(self, path: Term) -> str:
        """Property path -> SPARQL's notation: `ex:part/ex:size`, `^ex:part`, `ex:a|ex:b`."""
        if isinstance(path, ox.NamedNode):
            return self.graph.compact(path.value)
        node = node_name(path)
        if self.graph.objects(node, RDF + "first"):
            return "/".join(map(self.path, self.graph.members(node)))
        for inverse in self.graph.objects(node, SH + "inversePath"):
            return f"^{self.path(inverse)}"
        for head in self.graph.objects(node, SH + "alternativePath"):
            return "|".join(map(self.path, self.graph.members(node_name(head))))
        for kind, mark in REPEATED.items():
            for inner in self.graph.objects(node, SH + kind):
                text = self.path(inner)
                return f"({text}){mark}" if set(text) & set("/|^") else text + mark
        return "the property"

    def _identifying_iris(self, node: str) -> list[str]:
        """Unnamed shape -> the IRIs that it is best found by: its path, then what else it says."""
        description = self.graph.description(node)
        first = [SH + "path", *TARGETS]
        ordered = [
            *first,
            *(predicate for predicate in sorted(description) if predicate not in first),
        ]
        objects = (obj for predicate in ordered for obj in description.get(predicate, ()))
        return [obj.value for obj in objects if isinstance(obj, ox.NamedNode)]


def read_shapes(paths: Sequence[str | Path]) -> Shapes:
    """SHACL files, or folders of them -> `Shapes`.

    Raises:
        OntologyError: a file cannot be read.
    """
    files, errors = read_files(*paths)
    if errors:
        raise errors[0]
    named = (str(path) for path in map(Path, paths) if path.is_file())
    return Shapes.of(files, named)


def _is(kind: Term, classes: frozenset[str]) -> bool:
    return node_name(kind) in classes
