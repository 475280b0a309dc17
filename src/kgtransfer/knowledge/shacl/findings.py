"""What SHACL shapes object to in a `KnowledgeGraph`, as findings about its concepts."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.annotations import annotated_statements
from kgtransfer.knowledge.findings import Finding, Severity
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.ontology import merge, read_files
from kgtransfer.knowledge.owners import owners
from kgtransfer.knowledge.shacl.process import ValidationProcess
from kgtransfer.knowledge.shacl.results import SH, Request
from kgtransfer.knowledge.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from kgtransfer.knowledge.parsed import ParsedFile
    from kgtransfer.knowledge.shacl.results import Failure, Result, Value

__all__ = ["TIMEOUT", "ShapeCheck", "violations"]

TIMEOUT = 60.0
"""Seconds that shapes may take, unless the caller says otherwise."""
SEVERITIES: Mapping[str, Severity] = {SH + "Violation": "violation", SH + "Info": "hint"}

# Constraint -> what to do, for shapes that do not say it themselves.
DEFAULT_CURES = {
    "MinCountConstraintComponent": "add {path}",
    "MaxCountConstraintComponent": "leave out what is too much of {path}",
    "ClassConstraintComponent": "declare its type, or point to something else",
    "DatatypeConstraintComponent": "write the value with the right datatype",
    "InConstraintComponent": "use one of the values that the shape allows",
    "PatternConstraintComponent": "write the value in the form that the shape asks for",
    "NodeKindConstraintComponent": "use an IRI, a literal or a blank node as the shape asks",
}


class ShapeCheck:
    """The check of one graph against shapes, which goes on beside the caller's other work.

    A context manager: `start` gives it the graph, `findings` waits for the end. Nothing that the
    shapes say reaches the network, a file or another program.

    Args:
        shapes: SHACL files, or folders of them; none finds nothing.
        timeout: seconds that the shapes may take.

    Raises:
        OntologyError: a shapes file cannot be read.
    """

    def __init__(self, shapes: Sequence[str | Path], timeout: float = TIMEOUT) -> None:
        with ExitStack() as opened:
            self._process = opened.enter_context(ValidationProcess(timeout)) if shapes else None
            self._files, errors = read_files(*shapes)
            for error in errors:
                raise error
            self._shapes = merge(self._files)
            self._opened = opened.pop_all()  # from here on for `__exit__` to close
        self._graph = KnowledgeGraph(())

    def start(self, graph: KnowledgeGraph) -> None:
        """Begin to check a graph."""
        self._graph = graph
        if self._process:
            shapes = _ntriples(self._shapes)
            request: Request = {
                "shapes": len(shapes),
                "shapes_prefixes": dict(self._shapes.prefixes),
                "prefixes": dict(graph.prefixes),
            }
            self._process.ask((json.dumps(request).encode() + b"\n", shapes, _ntriples(graph)))

    def findings(self) -> list[Finding]:
        """What the shapes object to, about the concept that it concerns.

        Raises:
            OntologyError: the shapes are no valid SHACL, reach outside the graph, or take more
                time or memory than they may.
        """
        if not self._process:
            return []
        answer = self._process.answer()
        if answer["failure"]:
            raise self._error(answer["failure"])
        results = answer["results"]
        return list(self._findings(results)) if results else []

    def _findings(self, results: Sequence[Result]) -> Iterator[Finding]:
        owner, words = owners(self._graph), Wording(self._graph)
        annotated = {said.node: said for said in annotated_statements(self._graph)}
        names = KnowledgeGraph((), {**self._shapes.prefixes, **self._graph.prefixes})
        for result in results:
            severity, message, cure = _said(result, names)
            if said := annotated.get(result["focus"]):
                phrase = words.phrase(said.predicate, said.obj)
                message += f", on the annotation of: {phrase}"
            yield Finding.of(self._graph, owner(result["focus"]), severity, message, cure)

    def _error(self, failure: Failure) -> OntologyError:
        """The failure with the shape it is about, and the file and line that describe it."""
        reason, shape = failure["reason"], owners(self._shapes)(failure["shape"])
        if shape and not shape.startswith("_:"):
            reason += f" (shape {self._shapes.compact(shape)})"
        file, line = _place(shape, self._files)
        return OntologyError(reason, file=file, line=line, cure=failure["cure"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()


def violations(
    graph: KnowledgeGraph, shapes: Sequence[str | Path], timeout: float = TIMEOUT
) -> list[Finding]:
    """What the shapes object to in a graph; arguments and errors as for `ShapeCheck`."""
    with ShapeCheck(shapes, timeout) as check:
        check.start(graph)
        return check.findings()


def _ntriples(graph: KnowledgeGraph) -> bytes:
    return graph.canonical.replace(b"\n", b" .\n")  # texts hold no line ends: they are escaped


def _place(shape: str, files: Sequence[ParsedFile]) -> tuple[str, int | None]:
    for file in files:
        if line := file.positions.get(shape):
            return str(file.path), line
    return ", ".join(str(file.path) for file in files), None


def _said(result: Result, names: KnowledgeGraph) -> tuple[Severity, str, str]:
    """Severity, message and cure of a result."""

    def shown(value: Value) -> str:
        is_iri, text = value
        return names.compact(text) if is_iri else f'"{text}"'

    path, value, shape = result["path"], result["value"], result["shape"]
    message = result["message"] or "violates a shape"
    path_name = shown(path) if path and path[0] else "the property"
    if path and value:
        message += f" ({path_name}: {shown(value)})"
    default = DEFAULT_CURES.get(result["component"], "see the shape {shape}")
    shape_name = shown(shape) if shape else '"None"'
    cure = result["cure"] or default.format(path=path_name, shape=shape_name)
    return SEVERITIES.get(result["severity"], "warning"), message, cure
